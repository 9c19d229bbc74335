"""
The lists of events that nobody judged are made by a script, from a corpus alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "coverage_lists.py"

#: A fire in the cotton stores of a port, what an engineer says of it, who was hurt and who will pay.
FIRE = (
    "اندلع فجرا في مخازن القطن قرب ميناء طرفة وامتدت ألسنة اللهب نحو مستودع الزيوت فهرع عشرات الإطفائيين "
    "وقال المهندس زهران القيسوني إن شرارة كهربائية من رافعة قديمة أصابت بالات جافة وإن الخسائر تقدر بملايين "
    "وأجلت السلطات عمال النوبة الليلية وطاقم سفينة يونانية راسية هناك ونقلت مصابين إلى مستشفى الرازي "
    "فيما تعهدت شركة التأمين بتعويض أصحاب البضائع خلال شهر وطلبت النيابة تقرير خبراء الحرائق والسلامة"
)


def told(name: str, title: str, body: str, date: str) -> dict[str, str]:
    return {"id": name, "outlet": name, "title": title, "body": body, "date": date}


def test_reports_of_one_event_are_told_by_their_bodies_and_days(tmp_path):
    """
    In other words under another title, but not a month later; each asks for the other, no text is written.
    """
    words = [f"{first}{second}{third}ون" for first in "بتجحخ" for second in "دذرزس" for third in "شصضطظ"]
    filler = [
        told(
            f"f{number}",
            " ".join(words[number : number + 4]),
            " ".join(words[number : number + 50]),
            "2024-01-01",
        )
        for number in range(70)
    ]
    fire = FIRE.split()
    pair = [
        told("one", "النيران تلتهم مخازن مرفأ طرفة", " ".join(fire), "2025-03-04"),
        told("two", "خسائر فادحة بعد حريق كبير", " ".join(reversed(fire)), "2025-03-05"),
        told("later", "خسائر جسيمة بعد حريق آخر", " ".join(sorted(fire)), "2025-04-05"),
    ]
    corpus, groups = tmp_path / "corpus.jsonl", tmp_path / "groups.jsonl"
    corpus.write_text("\n".join(map(json.dumps, [*filler, *pair])), "utf-8")
    groups.write_text("", "utf-8")

    subprocess.run([sys.executable, SCRIPT, corpus, "--groups", groups, "--into", tmp_path], check=True)

    lines = [
        json.loads(line)
        for half in ("steered", "held")
        for line in (tmp_path / f"home-{half}.jsonl").read_text("utf-8").splitlines()
    ]
    assert {"one", "two"} >= {line["query"] for line in lines} != set()
    assert all({"one", "two"} == set(line["ids"]) for line in lines)
