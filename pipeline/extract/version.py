"""
The version of the extractor, which every article carries.
"""

from __future__ import annotations

#: Rises when the same page would give another article: what was read by an older one can be read again.
VERSION = "3"


def named(source: str) -> str:
    """What an article says of who read it: whose text it is, and our version."""
    return f"{source} rasd/{VERSION}"
