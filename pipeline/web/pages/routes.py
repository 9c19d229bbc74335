"""
All pages.
"""

from __future__ import annotations

from fastapi import APIRouter

from pipeline.web.pages import (
    account,
    article,
    compare,
    guide,
    saved,
    search,
    signing,
    sources,
    topics,
    users,
)

router = APIRouter()
for page in (search, article, compare, topics, sources, saved, signing, account, users, guide):
    router.include_router(page.router)
