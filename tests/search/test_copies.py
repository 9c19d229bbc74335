"""
Near-copies share a key; reports of one subject do not.
"""

from __future__ import annotations

from pipeline.search.copies import copy_key
from pipeline.search.views import stems_of

#: The harbour of Tarfa opens a pier for large ships after three years of work.
PIER = (
    "افتتح ميناء طرفة صباح اليوم رصيفا جديدا يستقبل السفن الكبيرة بعد ثلاثة أعوام من الأشغال، وقال مدير "
    "الميناء سالم الهدباني إن الرصيف يتسع لأربع سفن في وقت واحد، وإن الحفر بلغ عمق ستة عشر مترا، وأضاف "
    "أن شركة من البلدة نفذت المشروع بكلفة بلغت أربعين مليون دينار، وأن العمل يستمر ليلا ونهارا حتى الصيف."
)
#: The same harbour, another matter: fishermen complain of its fees.
FEES = (
    "شكا صيادو طرفة من رسوم جديدة فرضها الميناء على القوارب الصغيرة، وقال مدير الميناء سالم الهدباني إن "
    "الرسوم تعود إلى سنوات مضت ولم ترفع منذ عشرة أعوام، وطالب الصيادون بإعفاء من يقل دخلهم عن خمسمئة "
    "دينار، ووعدت البلدية بدراسة الطلب في جلستها المقبلة بعد أسبوعين من الآن، فيما قرر بعضهم التوقف عن العمل."
)


def key(body: str, title: str = "") -> int:
    return copy_key(stems_of(body), stems_of(title))


def test_a_copy_has_its_key_under_another_title_and_with_more_lines_below():
    """
    Papers print a wire report with their own headline, and add to its end.
    """
    longer = f"{PIER} وحضر الافتتاح عدد من أهالي البلدة والتجار، ثم قدمت فرقة البلدة عرضا قصيرا."

    assert key(PIER, "رصيف جديد في طرفة") == key(longer, "طرفة تفتتح رصيفها")


def test_another_matter_of_the_same_place_and_people_has_a_key_of_its_own():
    """
    Names and common words in common make no copy.
    """
    assert key(PIER) != key(FEES)


def test_a_short_text_is_a_copy_only_when_it_is_the_same_to_the_word():
    """
    Of a line or two, one word may be the news.
    """
    assert key("توفي الشاعر اليوم", "وفاة شاعر") == key("توفي الشاعر اليوم", "وفاة شاعر")
    assert key("توفي الشاعر اليوم", "وفاة شاعر") != key("توفي المغني اليوم", "وفاة شاعر")


def test_a_key_fits_a_signed_integer():
    """
    SQLite holds no more than 64 bits.
    """
    assert -(2**63) <= key(PIER) < 2**63
