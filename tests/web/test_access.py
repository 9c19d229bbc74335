"""Who may do what: every route, held against every kind of visitor."""

from __future__ import annotations

import pytest
from starlette.routing import Mount, Route

from pipeline.people import Role, Scope
from tests.web.conftest import generous, opened_site, sealed

#: Open to anybody, with the reason.
OPEN = {
    "GET /health": "for health checks; says nothing",
    "GET /sign-in": "where strangers go",
    "POST /sign-in": "where strangers go",
    "POST /sign-out": "ends what there is to end",
    "POST /preferences": "changes cookies of the asking browser only",
    "GET /feeds/{token}.{format_}": "the token lets through, since readers of feeds cannot sign in",
    "GET /api/v1/openapi.json": "the API's description, which is public",
}
#: The least role, and the scope a key needs; None: no key has it.
GUARDED = {
    "GET /": (Role.READER, Scope.READ),
    "GET /articles/{article_id}": (Role.READER, Scope.READ),
    "POST /articles/{article_id}/judge": (Role.EDITOR, Scope.JUDGE),
    "GET /compare": (Role.READER, Scope.READ),
    "GET /topics": (Role.READER, Scope.READ),
    "GET /topics/{topic_id}": (Role.READER, Scope.READ),
    "GET /sources": (Role.READER, Scope.READ),
    "GET /saved": (Role.READER, None),
    "POST /saved": (Role.READER, None),
    "POST /saved/{search_id}/drop": (Role.READER, None),
    "GET /shared/{token}": (Role.READER, Scope.READ),
    "GET /search.{format_}": (Role.READER, Scope.EXPORT),
    "GET /account": (Role.READER, None),
    "POST /account/password": (Role.READER, None),
    "POST /account/keys": (Role.READER, None),
    "POST /account/keys/{key_id}/drop": (Role.READER, None),
    "GET /users": (Role.ADMIN, None),
    "POST /users": (Role.ADMIN, None),
    "POST /users/{user_id}/role": (Role.ADMIN, None),
    "POST /users/{user_id}/remove": (Role.ADMIN, None),
    "GET /help": (Role.READER, Scope.READ),
    "GET /api": (Role.READER, Scope.READ),
    "GET /api/v1/search": (Role.READER, Scope.READ),
    "GET /api/v1/timeline": (Role.READER, Scope.READ),
    "GET /api/v1/export.{format}": (Role.READER, Scope.EXPORT),
    "GET /api/v1/articles/{article_id}": (Role.READER, Scope.READ),
    "GET /api/v1/articles/{article_id}/similar": (Role.READER, Scope.READ),
    "PUT /api/v1/articles/{article_id}/topics/{topic_id}/judgement": (Role.EDITOR, Scope.JUDGE),
    "DELETE /api/v1/articles/{article_id}/topics/{topic_id}/judgement": (Role.EDITOR, Scope.JUDGE),
    "GET /api/v1/why": (Role.READER, Scope.READ),
    "GET /api/v1/topics": (Role.READER, Scope.READ),
    "GET /api/v1/topics/{topic_id}": (Role.READER, Scope.READ),
    "GET /api/v1/outlets": (Role.READER, Scope.READ),
}
#: What routes are asked with: things that are not there, so that nothing is done.
FILLED = {
    "{article_id}": "0" * 32,
    "{topic_id}": "us_russia_diplomacy",
    "{search_id}": "999999",
    "{key_id}": "999999",
    "{user_id}": "999999",
    "{token}": "nobodys",
    "{format_}": "csv",
    "{format}": "csv",
}


def people_of(site):
    """A user of each role."""
    return {role: site.user(str(role), role) for role in reversed(Role)}


@pytest.fixture
def people(site):
    return people_of(site)


@pytest.fixture(scope="module")
def town(monitored, tmp_path_factory):
    """A site with people, their sessions, and a key for each scope; nobody there changes anything."""
    with opened_site(monitored, tmp_path_factory.mktemp("town") / "home", limits=generous()) as site:
        everybody = people_of(site)
        sessions = {role: site.signed_in(user) for role, user in everybody.items()}
        keys = {(role, scope): site.key(user, scope) for role, user in everybody.items() for scope in Scope}
        yield site, sessions, keys


def routes_of(app) -> set[str]:
    found = set()
    for route in _flat(app.routes):
        found |= {f"{method} {route.path}" for method in route.methods - {"HEAD"}}
    return found


def _flat(routes):
    for route in routes:
        if isinstance(route, Route):
            yield route
        elif not isinstance(route, Mount):
            yield from _flat(route.effective_routes() if hasattr(route, "effective_routes") else route.routes)


def ask(client, route, **options):
    """Ask a route as its own pages would: a form with its seal, nothing in it that does anything."""
    method, path = route.split(" ", 1)
    for name, value in FILLED.items():
        path = path.replace(name, value)
    if method == "PUT":
        return client.request(method, path, json={"belongs": True}, **options)
    if method == "POST":
        seal = sealed(client, "/sign-in")
        return client.request(method, path, data={"sealed": seal, "topic": "us_russia_diplomacy"}, **options)
    params = {"url": "https://nowhere.example/"} if path.endswith("/why") else None
    return client.request(method, path, params=params, **options)


def let_through(answer) -> bool:
    to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
    return answer.status_code not in {401, 403} and not to_sign_in


def test_every_route_is_in_the_table(site):
    """
    A new route says here who may use it.
    """
    assert routes_of(site.app) == set(OPEN) | set(GUARDED)


@pytest.mark.parametrize("route", GUARDED)
def test_a_route_lets_through_whom_it_should(town, route):
    """
    A user of one role cannot do another's work, nor a key what its scopes do not name.
    """
    site, sessions, keys = town
    stranger = site.client()
    least, scope = GUARDED[route]

    assert not let_through(ask(stranger, route))
    for role, session in sessions.items():
        assert role.covers(least) == let_through(ask(session, route)), role
        for owned in Scope:
            allowed = role.covers(least) and owned is scope
            answer = ask(stranger, route, headers=keys[role, owned])
            assert allowed == let_through(answer), (role, owned, answer.status_code)


@pytest.mark.parametrize("route", OPEN)
def test_an_open_route_is_open(town, route):
    """
    What strangers need works for strangers.
    """
    assert ask(town[0].client(), route).status_code not in {403, 500}


def test_without_users_the_machine_is_open_to_whoever_sits_at_it(site, browser):
    """
    They may do all but manage users and keys, and the page says so.
    """
    assert "rasd users add" in browser.get("/").text
    assert let_through(ask(browser, "POST /articles/{article_id}/judge"))
    assert 403 == browser.get("/users").status_code


def test_the_first_user_closes_it(site, browser):
    """
    From then on everybody signs in, without a restart.
    """
    assert 200 == browser.get("/").status_code

    site.user("layla", Role.ADMIN)

    assert 303 == browser.get("/").status_code
    assert 401 == browser.get("/api/v1/topics").status_code
    assert "Bearer" in browser.get("/api/v1/topics").headers["www-authenticate"]


def test_a_session_of_a_removed_user_is_worth_nothing(site, people):
    """
    Nor is one that was signed out of, or a role that was taken away.
    """
    reader, admin = site.signed_in(people[Role.READER]), site.signed_in(people[Role.ADMIN])
    assert 200 == admin.get("/users").status_code

    site.desk.ledger.remove_user(people[Role.READER].user_id)
    site.user("second", Role.ADMIN)
    site.desk.ledger.set_role(people[Role.ADMIN].user_id, Role.READER)

    assert 303 == reader.get("/").status_code
    assert 403 == admin.get("/users").status_code


def test_nobody_takes_anothers_search_or_key_away(site, people):
    """
    Whoever sends another's number is told there is no such thing.
    """
    reader, editor = people[Role.READER], people[Role.EDITOR]
    saved = site.desk.ledger.save_search(
        reader.user_id, name="x", state="q=x", token="t", now=site.desk.now()
    )
    site.key(reader, Scope.READ)
    (key,) = site.desk.ledger.keys_of(reader.user_id)
    client = site.signed_in(editor)
    seal = sealed(client)

    assert 404 == client.post(f"/saved/{saved.search_id}/drop", data={"sealed": seal}).status_code
    assert 404 == client.post(f"/account/keys/{key.key_id}/drop", data={"sealed": seal}).status_code
    assert [saved] == site.desk.ledger.saved_searches(reader.user_id)
    assert [key] == site.desk.ledger.keys_of(reader.user_id)
