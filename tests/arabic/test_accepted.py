"""What a term accepts, as an editor is told before listing it."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from pipeline.arabic.accepted import forms_of
from pipeline.cli.topics import app


def test_accepted_forms_come_with_their_counts():
    """
    The forms a corpus has, the most frequent first, and the near ones that are other words.
    """
    (word,) = forms_of("سفارة").words  # embassy
    accepted, rejected = dict(word.accepted), dict(word.rejected)

    assert "noun" == word.word_class
    assert word.guessed
    assert {"السفارة", "سفارتها", "بالسفارات", "سفارتيهما"} <= accepted.keys()
    assert sorted(accepted.values(), reverse=True) == [times for _, times in word.accepted]
    assert "سيارة" in rejected  # car
    assert accepted.keys().isdisjoint(rejected)


def test_a_class_can_be_set():
    """
    What was guessed is said to be, and what was set replaces it.
    """
    (guessed,) = forms_of("بحث").words  # search, and he searched
    (given,) = forms_of("بحث", "verb").words

    assert ("noun", True) == (guessed.word_class, guessed.guessed)
    assert ("verb", False) == (given.word_class, given.guessed)
    assert "البحث" in dict(guessed.accepted)
    assert "بحثت" in dict(given.accepted)


def test_terms_of_several_words_are_told_word_by_word():
    """
    With the other ways the whole is written.
    """
    found = forms_of("أبو ظبي")  # Abu Dhabi

    assert "أبوظبي" in found.also_written
    assert ["أبو", "ظبي"] == [word.word for word in found.words]
    assert "وزيري" in dict(forms_of("وزير الخارجية").words[0].accepted)  # a head before its owner


@pytest.mark.parametrize("arguments", [["سفارة"], ["مجلس الأمن", "--all"], ["روسي", "--class", "adjective"]])
def test_the_command_prints_classes_and_forms(arguments):
    """
    `rasd topics forms` says which class it took, what is accepted and what is not.
    """
    told = CliRunner().invoke(app, ["forms", *arguments])

    assert 0 == told.exit_code
    assert "accepted" in told.output
    assert "rejected" in told.output


def test_the_command_prints_json():
    """
    Whole, for programs.
    """
    told = CliRunner().invoke(app, ["forms", "سفارة", "--json"])

    assert "noun" == json.loads(told.output)["words"][0]["word_class"]
