"""
Near-copy keys are scored over pairs, and pairs no group has are looked at.
"""

from __future__ import annotations

import json

from pipeline.evaluate.copies import evaluate_copies

#: A bakery burns; a school opens.
FIRE = (
    "اندلع حريق في مخبز بحي الياسمين فجر اليوم وأصيب عامل بحروق طفيفة فيما قال الدفاع المدني إن سبب "
    "الحريق عطل في الفرن وأعيد فتح الشارع بعد ساعة"
)
SCHOOL = (
    "فتحت مدرسة السنديان أبوابها لطلاب القرية للمرة الأولى بعد ترميم استمر عامين بدعم من مغتربين من "
    "أهل القرية في الخارج وحضر الافتتاح معلمون سابقون"
)


def test_pairs_by_key_are_held_against_pairs_by_group(tmp_path):
    """
    Of three copies a group knows two: both kinds of pair are counted, and the third is told to resemble.
    """
    corpus, groups = tmp_path / "corpus.jsonl", tmp_path / "groups.jsonl"
    bodies = {"a": FIRE, "b": f"{FIRE}.", "c": FIRE, "d": SCHOOL}
    records = [{"id": name, "outlet": name, "title": name, "body": body} for name, body in bodies.items()]
    corpus.write_text("\n".join(map(json.dumps, records)), "utf-8")
    groups.write_text(json.dumps({"group": "fire", "docs": [{"id": "a"}, {"id": "b"}]}), "utf-8")

    figures = evaluate_copies([corpus], groups)

    assert (4, 3, 1) == (figures["articles"], figures["pairs_by_key"], figures["pairs_by_group"])
    assert (0.3333, 1.0) == (figures["precision"], figures["recall"])
    assert (2, 2) == (figures["others_compared"], figures["others_that_resemble"])
