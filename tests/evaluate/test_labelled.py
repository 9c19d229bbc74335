"""
Labelled articles: a line that cannot be one is named.
"""

from __future__ import annotations

import pytest

from pipeline.errors import ConfigError
from pipeline.evaluate.labelled import read_labelled

SOUND = '{"id": "1", "labels": []}'


@pytest.mark.parametrize("bad", ["{", "[]", "7", '{"id": "2"}', '{"labels": []}', ""])
def test_a_line_that_is_no_labelled_article_is_named(tmp_path, bad):
    """
    Whoever labels articles by hand learns which line to mend, in one line.
    """
    file = tmp_path / "labelled.jsonl"
    file.write_text(f"{SOUND}\n{bad}\n{SOUND}\n")

    with pytest.raises(ConfigError, match=r"\A[^\n]*labelled\.jsonl:2: [^\n]*\Z"):
        read_labelled(file)


def test_a_line_ends_where_json_lines_end(tmp_path):
    """
    Not at a separator within a text, which JSON may hold as it is.
    """
    file = tmp_path / "labelled.jsonl"
    file.write_text('{"id": "1", "labels": [], "body": "one\u2028two"}\n', encoding="utf-8")

    (read,) = read_labelled(file)

    assert "one\u2028two" == read.article.body


def test_a_wrong_line_of_events_is_named_in_its_own_file(tmp_path):
    """
    Nobody looks for it among the articles.
    """
    (tmp_path / "labelled.jsonl").write_text(f"{SOUND}\n")
    (tmp_path / "event_clusters.jsonl").write_text('{"event": "one"}\n')

    with pytest.raises(ConfigError, match=r"event_clusters\.jsonl:1: needs an object with event and ids"):
        read_labelled(tmp_path / "labelled.jsonl")
