"""What is one article, and what is two: pairs of addresses."""

from __future__ import annotations

import pytest

from pipeline.collect.urls import article_id, canonical_url

A = "https://news.example"

SAME = [
    (f"{A}/a", "HTTPS://News.Example/a"),
    (f"{A}/a", "https://news.example:443/a"),
    ("http://news.example/a", "http://news.example:80/a"),
    (f"{A}/a", "https://news.example./a"),
    (f"{A}/", A),
    (f"{A}/a", f"{A}/a#comments"),
    (f"{A}/a", f"{A}/a#!"),
    (f"{A}/a", f"{A}/a?"),
    (f"{A}/a", f" {A}/a\n"),
    (f"{A}/a", f"{A}/\ta"),
    (f"{A}/a/b", f"{A}/a/./b"),
    (f"{A}/b", f"{A}/a/../b"),
    (f"{A}/b", f"{A}/../b"),
    (f"{A}/a/", f"{A}/a/."),
    (f"{A}/~a", f"{A}/%7Ea"),
    (f"{A}/a-b_c", f"{A}/a%2Db%5Fc"),
    (f"{A}/a b", f"{A}/a%20b"),
    (f"{A}/خبر", f"{A}/%D8%AE%D8%A8%D8%B1"),  # news
    (f"{A}/%D8%AE%D8%A8%D8%B1", f"{A}/%d8%ae%d8%a8%d8%b1"),
    (f"{A}/?q=خبر", f"{A}/?q=%d8%AE%D8%A8%D8%B1"),  # news
    (f"{A}/\u0625", f"{A}/\u0627\u0655"),  # alef with hamza below, composed and not
    (f"{A}/%D8%A5", f"{A}/%D8%A7%D9%95"),
    (f"{A}/100%", f"{A}/100%25"),
    (f"{A}/a?x[]=1", f"{A}/a?x%5B%5D=1"),
    ("https://مثال.example/", "https://xn--mgbh0fb.example/"),  # example
    (f"{A}/a", f"{A}/a?utm_source=rss&utm_medium=feed&utm_campaign=x"),
    (f"{A}/a?id=7", f"{A}/a?utm_source=rss&id=7"),
    (f"{A}/a?id=7", f"{A}/a?id=7&amp;utm_source=rss"),
    (f"{A}/a", f"{A}/a?fbclid=abc"),
    (f"{A}/a", f"{A}/a?gclid=abc&msclkid=x"),
    (f"{A}/a", f"{A}/a?traffic_source=rss"),
    (f"{A}/a", f"{A}/a?at_medium=RSS&at_campaign=rss"),
    (f"{A}/a", f"{A}/a?at_bbc_team=editorial&at_format=link"),
    (f"{A}/a", f"{A}/a?maca=ara-rss-ar-all-1491-xml-mrss"),
    (f"{A}/a", f"{A}/a?xtor=RSS-3208"),
    (f"{A}/a", f"{A}/a#xtor=RSS-3208"),
    (f"{A}/a", f"{A}/a?ocid=socialflow_twitter"),
    (f"{A}/a", f"{A}/a?UTM_Source=rss"),
    (f"{A}/a", f"{A}/a?_ga=1.2.3"),
    (f"{A}/a", f"{A}/a?mc_cid=1&mc_eid=2"),
    (f"{A}/a", f"{A}/a?igshid=1"),
    (f"{A}/a", f"{A}/a?PHPSESSID=0123456789abcdef"),
    (f"{A}/a", f"{A}/a;jsessionid=0123456789ABCDEF"),
    (f"{A}/a?b", f"{A}/a;JSESSIONID=01?b"),
    (f"{A}/a", "http://news.example/a"),
    (f"{A}/a", "http://news.example:80/a"),
    (f"{A}/a?id=7", "HTTP://NEWS.EXAMPLE/a?id=7&utm_medium=rss"),
    (f"{A}/a?id=7&lang=ar", f"{A}/a?lang=ar&id=7"),
    (f"{A}/a?id=7&lang=ar", f"{A}/a?lang=ar&utm_source=rss&id=7"),
    (f"{A}/a?id=7&lang=ar", f"{A}/a?id=7&amp;lang=ar"),
    (f"{A}/a?id=7&lang=ar", f"{A}/a?id=7&amp;amp;lang=ar"),
    (f"{A}/a?id=7", f"{A}/a?&id=7&"),
    (f"{A}/a?id=7", f"{A}/a?id=7#page-2"),
    (f"{A}/a", f"{A}/a#:~:text=%D9%85%D8%A7%D8%A1"),
    (f"{A}/a", f"{A}/a#Echobox=1700000000"),
    (f"{A}/خبر-عاجل", f"{A}/%d8%ae%d8%a8%d8%b1-%d8%b9%d8%a7%d8%ac%d9%84"),  # breaking news
    (f"{A}/خبر-عاجل", f"{A}/%D8%AE%D8%A8%D8%B1%2D%D8%B9%D8%A7%D8%AC%D9%84"),  # the same
    (f"{A}/خبر/12", f"{A}/خ%D8%A8ر/12"),  # news, escaped in part
    (f"{A}/?s=\u0623\u062e\u0628\u0627\u0631", f"{A}/?s=%D8%A7%D9%94%D8%AE%D8%A8%D8%A7%D8%B1"),
    (f"{A}/\u0622", f"{A}/\u0627\u0653"),  # alef with madda, composed and not
    (f"{A}/\u0624-1", f"{A}/\u0648\u0654-1"),  # waw with hamza
    (f"{A}/%d8%a5%d9%84%d9%89", f"{A}/%D8%A7%D9%95%D9%84%D9%89"),
    (f"{A}/a|b", f"{A}/a%7Cb"),
    (f"{A}/«a»", f"{A}/%C2%ABa%C2%BB"),
    (f"{A}/a%20b", f"{A}/a b?"),
    (f"{A}/a\u00a0b", f"{A}/a%C2%A0b"),
    (f"{A}/a", f"{A}/a?at_campaign=64&at_custom1=link&at_ptr_name=facebook"),
    (f"{A}/a?id=3", f"{A}/a?id=3&srsltid=AfmBOo"),
    (f"{A}/a", f"{A}/a?gad_source=1&gbraid=0A&gclid=C"),
    (f"{A}/a", f"{A}/a?__twitter_impression=true&ref_src=twsrc%5Etfw"),
    (f"{A}/a", f"{A}/a?mtm_campaign=x&pk_campaign=y&pk_kwd=z"),
    (f"{A}/a", f"{A}/a?ns_mchannel=social&ns_source=twitter&ns_linkname=a"),
    (f"{A}/a?cid=9", f"{A}/a?cid=9&maca=ara-rss-ar-pol-1491-xml"),
    (f"{A}/a?sid=9", f"{A}/a?sid=9&PHPSESSID=ab12"),
    (f"{A}/a?p=9", f"{A}/a?p=9&traffic_source=rss#comments"),
    (f"{A}/a?id=7", f"{A}/a?id=7&ASPSESSIONIDQQ=ABCDEFGH"),
    (f"{A}/news/7", f"{A}/(S(lit3py55t21z5v55vlm25s55))/news/7"),
    (f"{A}/a", f"{A}/a?itm_source=parsely-api"),
    (f"{A}/a", f"{A}/a?wt_zmc=x&hsa_acc=1&_openstat=y"),
    ("https://me@news.example/a", "https://me@NEWS.example:443/a"),
    ("https://[2001:DB8::1]/a", "https://[2001:db8::1]:443/a"),
    (f"{A}/a", f"\ufeff{A}/a"),  # what editors leave before an address
    (f"{A}/a", f"\u200f{A}/a"),
    (f"{A}/a/b", "https:\\\\news.example\\a\\b"),
    (f"{A}/a", "https://news。example/a"),  # a full stop as the Far East writes it
    ("https://مثال.example/", "https://%D9%85%D8%AB%D8%A7%D9%84.example/"),  # example
    (f"{A}/it's", f"{A}/it%27s"),
    (f"{A}/1,2", f"{A}/1%2C2"),
    (f"{A}/a(1)", f"{A}/a%281%29"),
    (f"{A}/?t=a+b", f"{A}/?t=a%20b"),
    (f"{A}/?t=a+b", f"{A}/?t=a b"),
    (f"{A}/?u=https://a.example/?x", f"{A}/?u=https%3A%2F%2Fa.example%2F%3fx"),
    (f"{A}/?id=7", f"{A}/?id=7?utm_source=rss&utm_medium=feed"),
    (f"{A}/?id=7", f"{A}/?id=7%3Futm_source=rss"),
    (f"{A}/a", f"{A}/a?&?utm_source=rss"),
    (f"{A}/?id=7", f"{A}/?id=7&amp%3Butm_source=rss"),
    (f"{A}/a", f"{A}/a?WT.mc_id=rss&soc_src=x&epik=y&ref_url=https%3A%2F%2Fb.example"),
    (f"{A}/a", f"{A}/a?matomo_campaign=x&piwik_kwd=y&mtm_cid=z"),
    (f"{A}/a", f"{A}/a?replytocom=12#respond"),
    (f"{A}/a", f"{A}/a?doing_wp_cron=1700000000.12"),
    (f"{A}/a", f"{A}/a;phpsessid=0123abcd"),
    (f"{A}/a", f"{A}/a?ASP.NET_SessionId=lit3py55t21z5v55vlm25s55"),
    (f"{A}/#!/news/7", f"{A}/#!/news/7?utm_source=rss"),
    (f"{A}/#!news?id=7&lang=ar", f"{A}/#!news?lang=ar&utm_source=rss&id=7"),
    (f"{A}/a", f"{A}/a#!?utm_source=rss"),
]

DIFFERENT = [
    (f"{A}/?id=1", f"{A}/?id=2"),
    (f"{A}/?cid=1234", f"{A}/?cid=9999"),
    (f"{A}/?sid=10", f"{A}/?sid=11"),
    (f"{A}/?p=1", f"{A}/?p=2"),
    (f"{A}/?p=1", f"{A}/"),
    (f"{A}/?source=1", f"{A}/?source=2"),
    (f"{A}/?ref=1", f"{A}/?ref=2"),
    (f"{A}/?sort=1", f"{A}/?sort=2"),
    (f"{A}/?at=1", f"{A}/?at=2"),
    (f"{A}/?pk=1", f"{A}/?pk=2"),
    (f"{A}/?pk_id=1", f"{A}/?pk_id=2"),
    (f"{A}/?utm=1", f"{A}/?utm=2"),
    (f"{A}/?123", f"{A}/?124"),
    (f"{A}/?ID=1", f"{A}/?id=1"),
    (f"{A}/?lang=ar", f"{A}/?lang=en"),
    (f"{A}/?page=1", f"{A}/?page=2"),
    (f"{A}/?SectionID=88", f"{A}/?SectionID=89"),
    (f"{A}/article.aspx?cid=1", f"{A}/article.aspx?cid=2"),
    (f"{A}/p/AbC", f"{A}/p/aBc"),
    (f"{A}/a", f"{A}/a/"),
    (f"{A}/a//b", f"{A}/a/b"),
    (f"{A}/a", "https://www.news.example/a"),
    (f"{A}/a", "https://m.news.example/a"),
    (f"{A}/a", "https://news.example:8443/a"),
    (f"{A}/a%2Fb", f"{A}/a/b"),
    (f"{A}/?a=1%262", f"{A}/?a=1&2"),
    (f"{A}/?a=%2B", f"{A}/?a=+"),
    (f"{A}/%25D8", f"{A}/%D8"),
    (f"{A}/خبر", f"{A}/خبز"),  # news, bread
    (f"{A}/عمان", f"{A}/عُمان"),  # a vowel mark may be identity
    (f"{A}/ايران", f"{A}/إيران"),  # so may a hamza
    (f"{A}/a", f"{A}/a\u200f"),  # right-to-left mark
    (f"{A}/%C7%E1", f"{A}/%E1%C7"),  # windows-1256 escapes
    (f"{A}/١", f"{A}/1"),  # digits are letters of an address
    (f"{A}/a?id=7&id=8", f"{A}/a?id=8&id=7"),  # which of the two counts is the site's affair
    (f"{A}/?7&8", f"{A}/?8&7"),  # by place, not by name
    (f"{A}/?cid=10&sid=2", f"{A}/?cid=2&sid=10"),
    (f"{A}/?sid=a", f"{A}/?cid=a"),
    (f"{A}/?id=0555567", f"{A}/?id=555567"),
    (f"{A}/?id=7", f"{A}/?id=7&page=2"),
    (f"{A}/?q=ماء", f"{A}/?q=الماء"),  # water, the water
    (f"{A}/?id=%D9%A7", f"{A}/?id=7"),  # an Arabic seven
    (f"{A}/?id=a%26b", f"{A}/?id=a&b"),
    (f"{A}/?id=a%3Db", f"{A}/?id=a=b&x=1"),
    (f"{A}/?id=1%232", f"{A}/?id=1#2"),
    (f"{A}/?newsid=1", f"{A}/?newsid=11"),
    (f"{A}/?story_source=1", f"{A}/?story_source=2"),
    (f"{A}/?ref=home&n=1", f"{A}/?ref=news&n=1"),
    (f"{A}/?origin=1", f"{A}/?origin=2"),
    (f"{A}/?share=1", f"{A}/?share=2"),
    (f"{A}/?trk=1", f"{A}/?trk=2"),
    (f"{A}/?campaign_id=1", f"{A}/?campaign_id=2"),
    (f"{A}/?mc=1", f"{A}/?mc=2"),
    (f"{A}/?format=amp&id=1", f"{A}/?format=amp&id=2"),
    (f"{A}/Rss/News/ar/12/a", f"{A}/Rss/News/ar/13/a"),
    (f"{A}/rssFeed/1", f"{A}/rssFeed/2"),
    (f"{A}/archives/12", f"{A}/archives/12/feed"),
    (f"{A}/2026/3/12/a", f"{A}/2026/3/13/a"),
    (f"{A}/news/index.php?id=1", f"{A}/news/?id=1"),
    (f"{A}/a.html", f"{A}/a.htm"),
    (f"{A}/a;id=1", f"{A}/a;id=2"),
    (f"{A}/(S(short))/a", f"{A}/a"),
    (f"{A}/#!/news/7", f"{A}/#!/news/8"),
    (f"{A}/#/news/7", f"{A}/#/news/8"),
    (f"{A}/#!/news/7", f"{A}/"),
    (f"{A}/#!news?id=7", f"{A}/#!news?id=8"),  # no slash, and a route all the same
    (f"{A}/live#!7", f"{A}/live#!8"),
    (f"{A}/#/news?id=7", f"{A}/#/news?id=8"),
    (f"{A}/?CMP=1", f"{A}/?CMP=2"),
    (f"{A}/?ncid=1", f"{A}/?ncid=2"),
    (f"{A}/?id=7?x=1", f"{A}/?id=7"),
    (f"{A}/?t=why?", f"{A}/?t=why"),
    (f"{A}/a+b", f"{A}/a b"),  # in a path a plus is a plus
    (f"{A}/a%3Fb=1", f"{A}/a?b=1"),
    (f"{A}/a%3Bjsessionid=1", f"{A}/a"),
    (f"{A}/a/amp", f"{A}/a"),  # what these four share is known once their page is read
    (f"{A}/a?amp=1", f"{A}/a"),
    (f"{A}/a?print=1", f"{A}/a"),
    (f"{A}/index.php/a", f"{A}/a"),
    (f"{A}/a/page/2/", f"{A}/a/"),
    (f"{A}/amp-summit", f"{A}/summit"),
    ("https://news.google.com/rss/articles/CBMiA", "https://news.google.com/rss/articles/CBMiB"),
    (
        "https://www.google.com/url?url=https://a.example/1",
        "https://www.google.com/url?url=https://a.example/2",
    ),
    ("http://feedproxy.google.com/~r/a/~3/b/", "http://feedproxy.google.com/~r/a/~3/c/"),
    (f"{A}/go?url=https://a.example/1", f"{A}/go?url=https://a.example/2"),
    ("https://أخبار.example/1", "https://اخبار.example/1"),  # news, with its hamza and without
    (f"{A}/p/AbC?x=1", f"{A}/p/abc?x=1"),
    (f"{A}/سورية", f"{A}/سوريا"),  # two spellings of Syria, two slugs
    (f"{A}/مسؤول", f"{A}/مسئول"),  # an official, as two countries spell it
    (f"{A}/على", f"{A}/علي"),  # on; Ali
    (f"{A}/كتاب", f"{A}/كتـاب"),  # with a tatweel
    (f"{A}/ک", f"{A}/ك"),  # Persian and Arabic kaf
    (f"{A}/\ufee1", f"{A}/\u0645"),  # presentation form of meem
    (f"{A}/a\u200cb", f"{A}/ab"),  # zero-width non-joiner
    (f"{A}/a.jpg", f"{A}/a.jpg?itok=1"),
    ("https://ar.news.example/7", "https://en.news.example/7"),
    ("https://news.example/7", "https://news.example.org/7"),
    ("http://news.example:8080/a", "http://news.example:8081/a"),
    ("https://مثال.example/1", "https://مثيل.example/1"),  # example, likeness
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_spellings_of_one_address_share_a_key(left, right):
    """
    What no server can tell apart, and what only says where the reader came from, is one article.
    """
    assert canonical_url(left) == canonical_url(right)


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_what_may_be_two_articles_stays_two(left, right):
    """
    No parameter, letter or slash that some site tells articles apart by is lost.
    """
    assert article_id(canonical_url(left)) != article_id(canonical_url(right))


def test_no_address_of_the_tables_meets_another_by_accident():
    """
    Over all rows: keys are shared by the rows that say so, and by no others.
    """
    keys = {(left, right): (canonical_url(left), canonical_url(right)) for left, right in SAME + DIFFERENT}

    assert 120 <= len(keys)
    assert all((one == other) == (pair in SAME) for pair, (one, other) in keys.items())
