"""
The second opinion, asked where the general extractor finds too little: it misses nearly nothing and
takes more than it should. The only module that knows readability.
"""

from __future__ import annotations

import logging
from functools import cache
from importlib import metadata

from lxml import etree
from lxml.html import fromstring
from readability import Document
from readability.readability import Unparseable

from pipeline.extract.blocks import blocks_of


def main_text(text: str) -> str:
    """The text of the article in a page's source as lines, or "" when none is found."""
    logging.getLogger("readability").setLevel(logging.CRITICAL)
    try:
        fragment = Document(text).summary(html_partial=True)
        return "\n".join(block.text for block in blocks_of(fromstring(fragment)))
    except (Unparseable, etree.LxmlError, ValueError, AttributeError, IndexError, TypeError):
        return ""


@cache
def name() -> str:
    """Name and version, as an article records it."""
    return f"readability/{metadata.version('readability-lxml')}"
