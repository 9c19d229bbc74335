"""What nobody sends by accident: in every field, on every page, never a 500."""

from __future__ import annotations

import asyncio
import http.client
import json
import random
import re
from html.parser import HTMLParser
from urllib.parse import parse_qsl, quote, urlencode

import httpx
import pytest

from pipeline import wiring
from pipeline.people import Role
from tests.web.conftest import generous, opened_site, sealed

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
BIDI = "\u202e\u2066\u2067evil\u2069\u202c"  # override, isolates, their ends
NUL = "a\x00b"
#: What queries are made of: the language's own marks, Arabic, and what breaks parsers elsewhere.
PARTS = [
    "قمة", "موسكو", "وَلِلكرملين", "Putin", "١٢٣", "OR", "AND", "NOT", "|", "(", ")", "((", '"', "«", "»", "“",
    "”", "-", "--", "–", "*", "مفاوض*", "م*", "=", "==", '="', "~1", ":", "::", "NEAR/5", "ONEAR/0", "قرب/٥",
    "NEAR/99999999999", "title:", "عنوان:", "topic:", "outlet:x", "date:2025-04..2025-05", "date:..", "%",
    "date:9999-99", "since:7d", "since:99999w", "\\", "/", "'", ";", "{", "}", "[", "]", "^", "#", "<b>", "&",
    "_", "\u202e", "\x00", "\U0001f600", "\n", "\t", "\u00a0", "\ufffe", "e\u0301", "\u0627\u0654", "a" * 70,
]  # fmt: skip


class Tags(HTMLParser):
    """The tags and attributes a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def assert_harmless(page: str) -> None:
    """No script but ours, no handler, no style, no link that is neither ours nor the web's."""
    for tag, attributes in Tags(page).seen:
        assert not any(name.startswith("on") or name == "style" for name in attributes), (tag, attributes)
        if tag == "script":
            assert re.fullmatch(r"/static/[a-z]+\.js\?v=[0-9a-f]+", attributes["src"])
        assert tag not in {"iframe", "object", "embed", "base", "style", "img"}
        for name in ("href", "action", "src"):
            if value := attributes.get(name):
                assert value.startswith(("/", "#", "http://", "https://")), value
                assert not value.startswith("//")


@pytest.fixture(scope="module")
def place(monitored, tmp_path_factory):
    with opened_site(monitored, tmp_path_factory.mktemp("place") / "home", limits=generous()) as opened:
        yield opened


@pytest.fixture
def client(place):
    return place.client()


#: Parts of queries that are read, and ways to put two of them together.
SOUND = [
    "قمة", "موسكو", "بوتين", "Putin", '"وزير الخارجية"', "«وقف إطلاق النار»", "مفاوض*", "=القمة", "أعلام",
    "2026", "title:قمة", "نص:موسكو", "topic:us_russia_diplomacy", "country:jo", "outlet:nile-lantern",
    "since:2d",
    "date:2026-01..2026-12", "كاتب:حداد", "قمة NEAR/5 موسكو", '"وزير الخارجية" ONEAR/3 (موسكو OR واشنطن)',
]  # fmt: skip
JOINTS = ["{} {}", "{} OR {}", "({}) {}", "{} -({})", "({} {})", "({}) OR ({})", "{} \u200f-{}"]


def queries(number: int, seed: int) -> list[str]:
    """Half of them put together at random, half as the language wants it, so that they are searched for."""
    chosen = random.Random(seed)
    return [wild(chosen) if place % 2 else sound(chosen) for place in range(number)]


def wild(chosen: random.Random) -> str:
    return chosen.choice(["", " "]).join(chosen.choices(PARTS, k=chosen.randint(1, 9)))


def sound(chosen: random.Random) -> str:
    made = chosen.choice(SOUND)
    for _ in range(chosen.randint(0, 4)):
        made = chosen.choice(JOINTS).format(*chosen.sample([made, chosen.choice(SOUND)], k=2))
    return made


#: Where a query can be asked; each gets its share.
ASKED = [
    "/",
    "/api/v1/search",
    "/api/v1/timeline",
    "/?lang=en",
    "/api/v1/search?cursor=",
    "/search.rss",
    "/compare?since=30d",
]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_ten_thousand_queries_are_answered_or_refused(place, seed):
    """
    Whatever is typed, pages and API answer, or tell what cannot be read, where, and what could be.
    """
    asked = [(ASKED[number // 2 % len(ASKED)], query) for number, query in enumerate(queries(2_500, seed))]

    answers = asyncio.run(answers_to(place.app, asked))

    assert {200, 400} == {answer.status_code for _, answer in answers}
    assert len(answers) / 3 < sum(answer.status_code == 200 for _, answer in answers)
    for number, (query, answer) in enumerate(answers):
        if answer.status_code == 400 and "/api/" in answer.url.path:
            assert 1 <= answer.json()["column"] <= len(query) + 1, query
            assert answer.json()["suggestion"], query
        elif answer.url.path == "/compare":
            assert answer.status_code == 200, query
        elif "html" in answer.headers["content-type"] and number % 20 == 0:
            assert_harmless(answer.text)


async def answers_to(app, asked):
    """What the whole application answers, asked in this process: no socket between."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return [
            (query, await client.get(path.partition("?")[0], params={**dict_of(path), "q": query}))
            for path, query in asked
        ]


def dict_of(path: str) -> dict[str, str]:
    return dict(parse_qsl(path.partition("?")[2], keep_blank_values=True))


def test_generated_queries_give_pages_and_never_a_500(client):
    """
    The same over a socket, as browsers and programs send them, in both languages.
    """
    article = client.get("/api/v1/search?limit=1").json()["hits"][0]["id"]
    for number, query in enumerate(queries(300, seed=9)):
        path = ("/", "/api/v1/search", f"/articles/{article}")[number // 2 % 3]
        answer = client.get(path, params={"q": query, "lang": "en" if number % 3 else "ar"})
        assert answer.status_code in {200, 400, 414}, (query, answer.text[:500])
        if "api" not in path:
            assert_harmless(answer.text)


FIELDS = (
    "q", "topic", "outlet", "country", "author", "since", "until", "sort", "collapse", "page", "lang", "next",
)  # fmt: skip


@pytest.mark.parametrize(
    "value", [SCRIPT, BIDI, NUL, "9" * 400, "-1", "٣", "\r\nX-Evil: 1", "../../etc/passwd", "{{7*7}}"]
)
def test_hostile_values_in_every_field_of_an_address(client, value):
    """
    Escaped where they are shown, refused where they mean nothing.
    """
    for path in ("/", "/compare", "/topics/us_russia_diplomacy", "/sign-in", "/search.csv", "/api/v1/search"):
        for field in FIELDS:
            answer = client.get(path, params={field: value})
            assert answer.status_code in {200, 303, 400, 404, 422}, (path, field, answer.text[-800:])
            assert "x-evil" not in answer.headers
            if "text/html" in answer.headers.get("content-type", ""):
                assert_harmless(answer.text)
                assert "<script>alert" not in answer.text
                assert ">49<" not in answer.text


@pytest.mark.parametrize("value", [SCRIPT, BIDI, NUL, "x" * 60_000, "\r\nX-Evil: 1"])
def test_hostile_values_in_every_field_of_a_form(client, place, value):
    """
    A name of a search or a reason for a judgement is text, wherever it is shown again.
    """
    forms = {
        "/saved": {"name": value[:120], "state": value},
        "/preferences": {"theme": value, "zone": value, "next": value},
        "/sign-in": {"name": value, "password": value, "next": value},
        f"/articles/{'0' * 32}/judge": {"topic": value, "belongs": value, "why": value},
        "/account/keys": {"name": value, "scopes": value},
        "/account/password": {"old": value, "new": value},
    }
    for path, data in forms.items():
        answer = client.post(path, data={"sealed": sealed(client), **data})
        assert answer.status_code in {303, 400, 401, 404, 409, 413, 422, 429}, (path, answer.text[-500:])
        assert "x-evil" not in answer.headers
        assert answer.headers.get("location", "/").startswith("/")
    assert_harmless(client.get("/saved").text)


def test_a_megabyte_is_refused_everywhere(client):
    """
    In an address, a header, a form or a body of JSON, with a length or without.
    """
    megabyte = "ق" * 500_000
    for path in ("/saved", "/sign-in", "/preferences"):
        assert 413 == client.post(path, data={"sealed": "x", "name": megabyte}).status_code
    judgement = f"/api/v1/articles/{'0' * 32}/topics/sudan_war/judgement"
    assert 413 == client.put(judgement, json={"belongs": True, "why": megabyte}).status_code
    unmeasured = (megabyte[:1000].encode() for _ in range(1000))
    assert client.post("/saved", content=unmeasured).status_code in {400, 403, 413}
    assert 414 == client.get("/", params={"q": "x" * 20_000}).status_code


PATHS = [
    "/static/../app.py", "/static/..%2f..%2fapp.py", "/static/%2e%2e/app.py", "/static//etc/passwd",
    "/articles/../users", "/feeds/../../x.rss", "/search.exe", "/search.csv%00.html", "/articles/%00",
    "/topics/%F0%9F%98%80", "/topics/%ff%fe", "/users/0/role", "/saved/99999999999999999999/drop",
    "/shared/%0d%0a",
]  # fmt: skip


@pytest.mark.parametrize("path", [*PATHS, "/articles/" + "a" * 3000])
def test_hostile_paths_lead_nowhere(place, path):
    """
    Sent as they are, without a client that tidies them up first.
    """
    host, port = place.address.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()

    assert answer.status in {303, 400, 403, 404, 405, 422}, (answer.status, body[:300])
    assert b"root:" not in body
    assert b"def make_app" not in body
    connection.close()


def test_every_answer_has_its_headers(client):
    """
    Policy, sniffing, frames, referrer; no page is kept by caches, and files of ours are.
    """
    for path in ("/", "/nowhere", "/api/v1/search", "/api/v1/nowhere", "/search.csv", "/sign-in"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert "nosniff" == headers["x-content-type-options"]
        assert "DENY" == headers["x-frame-options"]
        assert "no-store" == headers["cache-control"]
        assert "server" not in headers
    assert "immutable" in client.get("/static/rasd.css").headers["cache-control"]


def test_a_head_is_what_a_get_begins_with(client):
    """
    Readers of feeds and monitors ask so; a file is not made for them.
    """
    for path in ("/", "/search.csv", "/search.rss", "/api/v1/search", "/api/v1/nowhere", "/static/rasd.css"):
        head, whole = client.head(path), client.get(path)
        assert head.status_code == whole.status_code, path
        assert head.headers["content-type"] == whole.headers["content-type"]
        assert b"" == head.content


def test_an_open_machine_answers_to_its_own_names_only(place):
    """
    A page elsewhere whose name was made to point here cannot read what is open to whoever sits here.
    """
    client = place.client()
    port = place.address.rsplit(":", 1)[1]

    assert 200 == client.get("/", headers={"Host": f"localhost:{port}"}).status_code
    for name in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", ""):
        assert client.get("/", headers={"Host": name}).status_code in {400, 421}, name


def test_no_answer_leads_to_the_host_a_request_names(place):
    """
    Whoever may choose that name, be it a cache or a proxy, does not choose where readers are sent.
    """
    place.user("owner", Role.ADMIN)  # with users any name is answered to
    client = place.client()
    try:
        for path in ("/topics/", "/api/v1/search/", "/", "//evil.example/", "/sign-in/"):
            answer = client.get(place.address + path, headers={"Host": "evil.example"})
            assert "evil.example" not in answer.headers.get("location", "").split("?")[0], path
    finally:
        place.desk.ledger.remove_user(place.desk.ledger.user_named("owner")[0].user_id)


def test_articles_with_hostile_texts_are_shown_as_text(monitored, tmp_path):
    """
    Script in a title, an override in an author, a script for an address: all are only letters.
    """
    with opened_site(monitored, tmp_path / "home", limits=generous()) as site:
        lines = [
            {
                "url": f"https://evil.example/{quote(SCRIPT)}",
                "title": f"قمة {SCRIPT} {BIDI}",
                "body": "عقدت القمة في موسكو وبحثت الهدنة مع الوفود المشاركة.\n" * 20 + SCRIPT,
                "author": f"{BIDI}{SCRIPT}",
                "outlet": "evil",
                "date": "2026-03-01T10:00:00+00:00",
            }
        ]
        file = tmp_path / "evil.jsonl"
        file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
        with wiring.open_monitor(monitored.settings(tmp_path / "home")) as monitor:
            monitor.import_file(file)
            for step in ("extract", "detect", "index"):
                monitor.step(step)
        client = site.client()
        found = client.get("/", params={"q": "القمة", "outlet": "evil"})  # the summit

        assert "&lt;script&gt;" in found.text
        assert_harmless(found.text)
        (hit,) = client.get("/api/v1/search", params={"outlet": "evil"}).json()["hits"]
        article = client.get(f"/articles/{hit['id']}?{urlencode({'q': 'القمة'})}")
        assert "&lt;script&gt;" in article.text
        assert_harmless(article.text)
        for kind in ("csv", "xlsx", "jsonl", "rss", "atom"):
            assert 200 == client.get(f"/search.{kind}?outlet=evil").status_code


def test_brute_force_is_slowed_for_everybody_behind_it(place):
    """
    A thousand guesses at one name from one place get a handful of answers.
    """
    place.user("victim", Role.ADMIN)
    client = place.client()
    seal = sealed(client, "/sign-in")

    statuses = []
    for number in range(40):
        form = {"sealed": seal, "name": "victim", "password": f"guess {number}"}
        statuses.append(client.post("/sign-in", data=form).status_code)

    assert statuses.count(401) <= 7
    assert 429 == statuses[-1]
    place.desk.ledger.remove_user(place.desk.ledger.user_named("victim")[0].user_id)
