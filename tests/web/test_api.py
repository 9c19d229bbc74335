"""The JSON API: what it answers, how it says no, and that its own description is true."""

from __future__ import annotations

from dataclasses import replace

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck

from pipeline.people import Role, Scope
from pipeline.web.throttle import Allowance
from tests.web.conftest import generous, opened_site, sealed

QUERY = "بوتين"  # Putin


@pytest.fixture
def hit(browser):
    """An article about a topic."""
    return next(
        each for each in browser.get("/api/v1/search", params={"q": QUERY}).json()["hits"] if each["topics"]
    )


def test_search_says_what_was_found_where_and_when(browser):
    """
    Total, highlights, facets with names, timeline with shares, and how the query was read.
    """
    found = browser.get("/api/v1/search", params={"q": QUERY, "limit": 3}).json()

    assert found["total"] > 3 == len(found["hits"])
    piece = found["hits"][0]["highlights"][0]
    start, end = piece["spans"][0]
    assert "بوتين" in piece["text"][start:end]
    assert sum(each["count"] for each in found["facets"]["outlet"]) == found["total"]
    assert all(0 < each["share"] <= 1 for each in found["timeline"] if each["count"])
    assert "بوتين" in found["reading"]["arabic"]


def test_a_cursor_goes_through_everything_once(browser):
    """
    Page after page, no article is missed and none comes twice.
    """
    seen, cursor = [], ""
    while True:
        page = browser.get("/api/v1/search", params={"limit": 7, "cursor": cursor}).json()
        seen += [each["id"] for each in page["hits"]]
        cursor = page["cursor"]
        if not cursor:
            break

    assert len(seen) == len(set(seen)) == page["total"]


def test_an_article_comes_with_evidence_and_origin(browser, hit):
    """
    Spans lie in the published text, and the date says where it is from.
    """
    article = browser.get(f"/api/v1/articles/{hit['id']}").json()

    for match in article["matches"]:
        for found in match["hits"]:
            text = article["title"] if found["field"] == "title" else article["body"]
            assert found["form"] == text[found["start"] : found["end"]]
    assert article["date"]["source"]
    assert article["matches"][0]["score"] >= article["matches"][0]["threshold"]


def test_an_edited_article_shows_what_changed(browser, site):
    """
    Its earlier text is kept, and the words that differ are named.
    """
    revised = next(
        article
        for each in browser.get("/api/v1/search", params={"limit": 100}).json()["hits"]
        if (article := browser.get(f"/api/v1/articles/{each['id']}").json())["revision"] > 1
    )
    page = browser.get(f"/articles/{revised['id']}").text

    assert revised["changes"][0]["put_in"] or revised["changes"][0]["taken_out"]
    assert "<ins>" in page or "<del>" in page


def test_similar_leaves_out_the_article_itself(browser, hit):
    """
    The other reports, nearest first.
    """
    found = browser.get(f"/api/v1/articles/{hit['id']}/similar").json()

    assert found
    assert hit["id"] not in {each["id"] for each in found}


def test_why_answers_for_what_is_not_here_too(browser, monitored):
    """
    An entry that ended without an article says how.
    """
    absent = browser.get("/api/v1/why", params={"url": monitored.urls["harbour-documentary"]}).json()

    assert "no_article" == absent["outcome"]
    assert absent["reason"]
    assert 404 == browser.get("/api/v1/why", params={"url": "https://nowhere.example/"}).status_code


def test_outlets_tell_health_and_delay(browser):
    """
    Every feed has a state, and where articles were followed from publication on, the delay is known.
    """
    outlets = browser.get("/api/v1/outlets").json()

    assert {"well"} == {feed["state"] for each in outlets for feed in each["feeds"]}
    assert any(each["delay_median_s"] is not None for each in outlets)
    assert all(each["title"] and each["country"] for each in outlets)


def test_topics_count_what_is_searchable(browser):
    """
    The list's numbers are those a search for the topic gives.
    """
    for topic in browser.get("/api/v1/topics").json():
        found = browser.get("/api/v1/search", params={"topic": topic["id"], "limit": 1}).json()
        assert topic["articles"] == found["total"], topic["id"]


def test_a_judgement_is_kept_shown_and_taken_back(site, hit):
    """
    By program and by page, with the name of who said so.
    """
    editor = site.signed_in(site.user("noor", Role.ADMIN))
    topic = hit["topics"][0]
    address = f"/api/v1/articles/{hit['id']}/topics/{topic}/judgement"

    assert 204 == editor.put(address, json={"belongs": False, "why": "رأي"}).status_code  # opinion
    (said,) = editor.get(f"/api/v1/articles/{hit['id']}").json()["judgements"]
    assert ("noor", False, "رأي") == (said["by"], said["belongs"], said["why"])
    form = {"sealed": sealed(editor), "topic": topic, "belongs": "1"}
    assert 303 == editor.post(f"/articles/{hit['id']}/judge", data=form).status_code
    assert editor.get(f"/api/v1/articles/{hit['id']}").json()["judgements"][0]["belongs"]
    assert 204 == editor.delete(address).status_code
    assert [] == editor.get(f"/api/v1/articles/{hit['id']}").json()["judgements"]


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        ('/api/v1/search?q="x', 400, "unreadable-query"),
        ("/api/v1/search?since=yesterday", 400, "unreadable-query"),
        ("/api/v1/search?limit=0", 422, "invalid-request"),
        ("/api/v1/articles/nothing", 422, "invalid-request"),
        (f"/api/v1/articles/{'0' * 32}", 404, "not-found"),
        ("/api/v1/nothing", 404, "not-found"),
    ],
)
def test_errors_are_problem_documents(browser, path, status, name):
    """
    RFC 9457, with the column and a suggestion where a query cannot be read.
    """
    answer = browser.get(path)
    problem = answer.json()

    assert status == answer.status_code == problem["status"]
    assert "application/problem+json" == answer.headers["content-type"]
    assert f"urn:rasd:problem:{name}" == problem["type"]
    if name == "unreadable-query" and "q=" in path:
        assert 1 == problem["column"]
        assert '"x"' == problem["suggestion"]


JUDGEMENT = f"/api/v1/articles/{'0' * 32}/topics/sudan_war/judgement"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "name"),
    [
        ("POST", "/api/v1/search", b"", 405, "method-not-allowed"),
        ("DELETE", "/api/v1/topics", b"", 405, "method-not-allowed"),
        ("GET", f"/api/v1/search?q={'x' * 20_000}", b"", 414, "too-long"),
        ("GET", "/api/v1/export.exe", b"", 422, "invalid-request"),
        ("GET", "/api/v1/search/", b"", 404, "not-found"),
        ("PUT", JUDGEMENT, b"{", 422, "invalid-request"),
        ("PUT", JUDGEMENT, b'{"belongs": true}', 404, "not-found"),
        ("PUT", JUDGEMENT, b"x" * 100_000, 413, "too-large"),
    ],
)
def test_whatever_is_wrong_with_a_request_is_a_problem_document(browser, method, path, body, status, name):
    """
    Also where no route of ours has seen it.
    """
    answer = browser.request(method, path, content=body, headers={"Content-Type": "application/json"})

    assert (status, f"urn:rasd:problem:{name}") == (answer.status_code, answer.json()["type"])
    assert "application/problem+json" == answer.headers["content-type"]
    assert {"type", "title", "status", "detail", "instance"} <= answer.json().keys()


def test_a_method_that_is_not_allowed_is_told_which_are(browser):
    """
    All of an address's, though each has a route of its own.
    """
    assert "DELETE, PUT" == browser.post(JUDGEMENT).headers["allow"]
    assert "GET, HEAD" == browser.post("/api/v1/search").headers["allow"]


def test_the_description_says_who_needs_a_key(site, browser):
    """
    Nobody at an open machine; everybody once there are users.
    """
    assert {} in browser.get("/api/v1/openapi.json").json()["security"]

    site.user("layla", Role.ADMIN)

    assert [{"key": []}] == browser.get("/api/v1/openapi.json").json()["security"]


def test_who_may_not_is_told_so_in_a_problem_document(site):
    """
    Without a key, with one that serves no longer, and with one whose scopes name something else.
    """
    key = site.key(site.user("reader", Role.READER), Scope.READ)
    client = site.client()

    for headers, path, status in (
        ({}, "/api/v1/topics", 401),
        ({"Authorization": "Bearer rasd_nobodys"}, "/api/v1/topics", 401),
        (key, "/api/v1/export.csv", 403),
    ):
        answer = client.get(path, headers=headers)
        assert status == answer.status_code == answer.json()["status"]
        assert "application/problem+json" == answer.headers["content-type"]


def test_who_asks_too_often_is_told_when_to_come_again(monitored, tmp_path):
    """
    429, with Retry-After, and others are not held up.
    """
    limits = replace(generous(), requests=Allowance(per_minute=3))
    with opened_site(monitored, tmp_path / "home", limits=limits) as site:
        asking = site.signed_in(site.user("a", Role.ADMIN))
        other = site.signed_in(site.user("b", Role.READER))
        statuses = [asking.get("/api/v1/topics").status_code for _ in range(4)]

        assert [200, 200, 200, 429] == statuses
        refused = asking.get("/api/v1/topics")
        assert 0 < int(refused.headers["retry-after"]) == refused.json()["wait_s"] <= 20
        assert "application/problem+json" == refused.headers["content-type"]
        assert 200 == other.get("/api/v1/topics").status_code


@pytest.mark.slow
def test_schemathesis_finds_nothing(monitored, tmp_path):
    """
    Asked whatever its description allows, and what it does not, the API answers what it says it answers.
    """
    with opened_site(monitored, tmp_path / "home", limits=generous()) as site:
        key = site.key(site.user("program", Role.ADMIN), *Scope)
        config = schemathesis.Config.from_dict({"checks": CHECKS})
        schema = schemathesis.openapi.from_url(f"{site.address}/api/v1/openapi.json", config=config)
        for found in schema.get_all_operations():
            held(found.ok(), key)


#: No schema says what a query, a date or a cursor is: 400 tells what cannot be read, as is described.
#: What is longer than described may be too long for an address first.
CHECKS = {
    "positive_data_acceptance": {"expected-statuses": ["2xx", "400", "404"]},
    "negative_data_rejection": {"expected-statuses": ["400", "404", "405", "414", "422"]},
}


def held(operation, key) -> None:
    @hypothesis.settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy())
    def answers_as_described(case):
        case.call_and_validate(headers=key)

    answers_as_described()
