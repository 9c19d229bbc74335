"""
Labelled articles: a line that cannot be one is named.
"""

from __future__ import annotations

import pytest

from pipeline.errors import ConfigError
from pipeline.evaluate.labelled import read_labelled

SOUND = '{"id": "1", "labels": []}'


@pytest.mark.parametrize("bad", ["{", "[]", "7", '{"id": "2"}', '{"labels": []}', ""])
def test_a_line_that_is_no_labelled_article_is_named(bad):
    """
    Whoever labels articles by hand learns which line to mend, in one line.
    """
    with pytest.raises(ConfigError, match=r"\Alabelled line 2: [^\n]*\Z"):
        list(read_labelled([SOUND, bad]))
