"""The pages, as somebody at their own machine sees them."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "page", ["/", "/topics", "/topics/us_russia_diplomacy", "/sources", "/saved", "/help", "/api", "/account"]
)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_opens_in_both_languages(browser, page, language):
    """
    Arabic is right to left, English one click away, and no phrase is missing in either.
    """
    answer = browser.get(page, params={"lang": language})

    assert 200 == answer.status_code, answer.text[-2000:]
    assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in answer.text
