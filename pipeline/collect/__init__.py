"""
Steps 1 and 2, poll and fetch: what the web gives, politely asked for and safely read.
"""
