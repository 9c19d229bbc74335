"""Signing in, forms that are ours, and what becomes of those that are not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.people import Role
from pipeline.web.throttle import FREE_FAILURES, LONGEST_WAIT, Patience
from pipeline.web.visitors import BROWSER, SESSION
from tests.ledger.desk import NOON
from tests.web.conftest import PASSWORD, sealed


@pytest.fixture
def layla(site):
    return site.user("layla", Role.ADMIN)


def sign_in(client, name="layla", password=PASSWORD, **more):
    return client.post(
        "/sign-in", data={"sealed": sealed(client, "/sign-in"), "name": name, "password": password, **more}
    )


def test_the_right_password_leads_to_where_one_wanted_to_go(site, layla):
    """
    A stranger is sent to sign in and from there to the page they asked for, query and all.
    """
    client = site.client()
    sent = client.get("/topics?since=7d")
    assert 303 == sent.status_code

    form = client.get(sent.headers["location"])
    assert 'name="next" value="/topics?since=7d"' in form.text
    answer = sign_in(client, next="/topics?since=7d")

    assert (303, "/topics?since=7d") == (answer.status_code, answer.headers["location"])
    assert 200 == client.get("/topics?since=7d").status_code


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "\t//evil.example",
     "/ok\r\nSet-Cookie: a=b", "https:evil.example", "/%0d%0aX: y", "http:///evil.example"],
)  # fmt: skip
def test_nobody_is_led_elsewhere(site, layla, elsewhere):
    """
    Whatever a link to the form says, one lands on a page of ours, and no header is smuggled in.
    """
    answer = sign_in(site.client(), next=elsewhere)

    assert 303 == answer.status_code
    location = answer.headers["location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "x" not in answer.headers
    assert "a" not in answer.cookies


def test_the_cookie_is_out_of_scripts_reach_and_worth_nothing_in_the_ledger(site, layla):
    """
    What the ledger keeps of a session is a hash; tokens of before signing in are changed.
    """
    client = site.client()
    client.get("/sign-in")
    before = client.cookies[BROWSER]

    answer = sign_in(client)

    cookies = answer.headers.get_list("set-cookie")
    session = next(each for each in cookies if each.startswith(SESSION))
    assert "HttpOnly" in session
    assert "samesite=lax" in session.lower()
    assert before != client.cookies[BROWSER]
    token = client.cookies[SESSION]
    assert site.desk.ledger.session_user(token, now=site.desk.now()) is None


def test_wrong_passwords_cost_more_and_more_time(site, layla):
    """
    After some tries even the right password has to wait, and the answer says how long.
    """
    client = site.client()
    for _ in range(FREE_FAILURES + 1):
        assert 401 == sign_in(client, password="not it at all").status_code

    answer = sign_in(client)

    assert 429 == answer.status_code
    assert 0 < int(answer.headers["retry-after"]) <= LONGEST_WAIT.total_seconds()
    assert SESSION not in client.cookies


def test_patience_doubles_ends_and_forgives():
    """
    The wait doubles up to its bound, is counted by name and by place, and a success forgives.
    """
    patience, now = Patience(), NOON
    waits = []
    for _ in range(FREE_FAILURES + 14):
        patience.failed("name a", "place 1", now=now)
        waits.append(patience.wait_s("name a", now=now))
        now += timedelta(seconds=waits[-1])

    assert [0] * FREE_FAILURES == waits[:FREE_FAILURES]
    assert [2, 4, 8, 16] == waits[FREE_FAILURES : FREE_FAILURES + 4]
    assert LONGEST_WAIT.total_seconds() == max(waits)
    patience.failed("name a", "place 1", now=now)
    assert patience.wait_s("name b", "place 1", now=now)
    assert not patience.wait_s("name b", "place 2", now=now)
    patience.succeeded("name a")
    assert not patience.wait_s("name a", now=now)


def test_an_unknown_name_is_told_what_a_wrong_password_is_told(site, layla):
    """
    Nobody learns who has an account.
    """
    unknown, wrong = sign_in(site.client(), name="nobody"), sign_in(site.client(), password="x" * 12)

    assert unknown.status_code == wrong.status_code == 401
    assert 'name="name" value="nobody"' in unknown.text
    assert unknown.text.split("<main")[1].split("name=")[0] == wrong.text.split("<main")[1].split("name=")[0]


FORMS = ["/saved", "/preferences", "/sign-out", "/account/password", "/account/keys", "/users", "/sign-in",
         "/saved/1/drop", "/account/keys/1/drop", "/users/1/role", "/users/1/remove",
         f"/articles/{'0' * 32}/judge"]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_is_not_ours_does_nothing(site, layla, form):
    """
    Without the seal, with another browser's, or sent by another site, a form is refused everywhere.
    """
    client, other = site.signed_in(layla), site.signed_in(layla)
    others = sealed(other)

    sealed(client)
    assert 403 == client.post(form, data={}).status_code
    assert 403 == client.post(form, data={"sealed": others}).status_code
    assert 403 == client.post(form, data={"sealed": sealed(client) + "x"}).status_code
    for header in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert 403 == client.post(form, data={"sealed": sealed(client)}, headers=header).status_code


def test_every_form_is_tried_above(site):
    """
    A new form stands in the list.
    """
    from tests.web.test_access import FILLED, routes_of

    posted = {route.split(" ")[1] for route in routes_of(site.app) if route.startswith("POST")}
    filled = set()
    for path in posted:
        for name, value in {**FILLED, "{search_id}": "1", "{key_id}": "1", "{user_id}": "1"}.items():
            path = path.replace(name, value)  # noqa: PLW2901 - filled in place by place
        filled.add(path)

    assert filled == set(FORMS)


def test_a_new_password_ends_other_sessions(site, layla):
    """
    Whoever changes theirs stays, everybody else with the old one goes.
    """
    here, elsewhere = site.client(), site.client()
    sign_in(here)
    sign_in(elsewhere)

    answer = here.post(
        "/account/password", data={"sealed": sealed(here), "old": PASSWORD, "new": "a longer staple"}
    )

    assert 200 == answer.status_code
    assert 200 == here.get("/").status_code
    assert 303 == elsewhere.get("/").status_code
    assert 401 == sign_in(site.client()).status_code
    assert 303 == sign_in(site.client(), password="a longer staple").status_code


def test_the_right_password_forgives_typing_errors_when_it_is_changed(site, layla):
    """
    After it one may mistype as often as before, and the answer to one time too many is to wait.
    """
    client = site.signed_in(layla)

    def change(old):
        new = "another staple"
        return client.post("/account/password", data={"sealed": sealed(client), "old": old, "new": new})

    assert [400] * FREE_FAILURES == [change("not it at all").status_code for _ in range(FREE_FAILURES)]
    assert 200 == change(PASSWORD).status_code
    assert [400] * (FREE_FAILURES + 1) == [
        change("not it at all").status_code for _ in range(FREE_FAILURES + 1)
    ]
    assert 429 == change("another staple").status_code


def test_a_key_is_shown_once_and_serves_until_it_is_dropped(site, layla):
    """
    A program gets in with it and not after.
    """
    client, program = site.signed_in(layla), site.client()
    made = client.post(
        "/account/keys", data={"sealed": sealed(client), "name": "سكربت", "scopes": "read"}
    )  # script
    key = made.text.split('class="key">')[1].split("<")[0]
    header = {"Authorization": f"Bearer {key}"}

    assert key.startswith("rasd_")
    assert key not in client.get("/account").text
    assert 200 == program.get("/api/v1/topics", headers=header).status_code
    (kept,) = site.desk.ledger.keys_of(layla.user_id)
    client.post(f"/account/keys/{kept.key_id}/drop", data={"sealed": sealed(client)})
    assert 401 == program.get("/api/v1/topics", headers=header).status_code
