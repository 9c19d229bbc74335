"""Step 4, detect: which topics is an article about?"""
