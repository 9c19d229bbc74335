"""
A make-believe Arabic press: outlets that do not exist, behind real HTTP on loopback.

Tests and the demo let it publish, edit, withdraw and break down; `python -m tests.newsroom`
serves it, to look at.
"""

from tests.newsroom.articles import NewsArticle, PressOutlet
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.server import Request

__all__ = ["NewsArticle", "Newsroom", "PressOutlet", "Request"]
