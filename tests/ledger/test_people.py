"""Users, sessions, saved searches and keys, on both engines."""

from __future__ import annotations

import pytest

from pipeline.errors import ConfigError
from pipeline.people import Role, Scope
from tests.ledger.desk import DAY, HOUR, NOON


@pytest.fixture
def layla(ledger):
    return ledger.add_user("layla", password_hash="#", role=Role.ADMIN, now=NOON)


@pytest.fixture
def omar(ledger, layla):
    return ledger.add_user("omar", password_hash="#", role=Role.READER, now=NOON)


def test_a_name_is_given_once(ledger, layla):
    """
    Two users of one name could not be told apart when they sign in.
    """
    with pytest.raises(ConfigError, match="layla"):
        ledger.add_user("layla", password_hash="other", role=Role.READER, now=NOON)

    assert [layla] == ledger.users()


def test_a_session_ends_with_its_time_and_with_its_user(ledger, omar):
    """
    A token is worth something until it runs out, is ended, or its user gets a new password.
    """
    ledger.begin_session(omar.user_id, "t1", now=NOON, expires_at=NOON + DAY)
    ledger.begin_session(omar.user_id, "t2", now=NOON, expires_at=NOON + DAY)

    assert omar.user_id == ledger.session_user("t1", now=NOON + HOUR).user_id
    assert ledger.session_user("t1", now=NOON + DAY) is None

    ledger.end_session("t1")
    assert ledger.session_user("t1", now=NOON) is None
    assert ledger.session_user("t2", now=NOON)

    ledger.set_password(omar.user_id, "new")
    assert ledger.session_user("t2", now=NOON) is None
    assert "new" == ledger.user_named("omar")[1]


def test_a_role_holds_from_the_next_request_on(ledger, omar):
    """
    Somebody signed in does not keep what they may do no longer.
    """
    ledger.begin_session(omar.user_id, "t", now=NOON, expires_at=NOON + DAY)

    ledger.set_role(omar.user_id, Role.EDITOR)

    assert Role.EDITOR == ledger.session_user("t", now=NOON).role


def test_the_last_admin_stays(ledger, layla, omar):
    """
    Nobody is left without somebody who can manage users; the very last user may go.
    """
    with pytest.raises(ConfigError, match="last admin"):
        ledger.set_role(layla.user_id, Role.READER)
    with pytest.raises(ConfigError, match="last admin"):
        ledger.remove_user(layla.user_id)
    assert Role.ADMIN == ledger.user_named("layla")[0].role

    ledger.remove_user(omar.user_id)
    ledger.remove_user(layla.user_id)

    assert not ledger.has_users()


def test_searches_belong_to_whoever_saved_them(ledger, layla, omar):
    """
    Others see a search by its token, and cannot take it away.
    """
    saved = ledger.save_search(omar.user_id, name="السودان", state="q=x", token="secret", now=NOON)  # Sudan
    ledger.save_search(None, name="open", state="q=y", token="other", now=NOON)

    assert [saved] == ledger.saved_searches(omar.user_id)
    assert [] == ledger.saved_searches(layla.user_id)
    assert ["open"] == [each.name for each in ledger.saved_searches(None)]
    assert saved == ledger.search_shared_as("secret")
    assert not ledger.drop_search(layla.user_id, saved.search_id)
    assert ledger.drop_search(omar.user_id, saved.search_id)
    assert ledger.search_shared_as("secret") is None


def test_a_key_has_its_owners_role(ledger, omar):
    """
    What a key may do falls with what its owner may do, and it goes with its owner.
    """
    key = ledger.add_key(
        omar.user_id,
        name="script",
        key_hash="h",
        beginning="rasd_ab",
        scopes=[Scope.READ, Scope.JUDGE],
        now=NOON,
    )
    assert (Scope.JUDGE, Scope.READ) == key.scopes

    ledger.set_role(omar.user_id, Role.EDITOR)
    ledger.key_used(key.key_id, now=NOON)

    found = ledger.key_with("h")
    assert (Role.EDITOR, NOON) == (found.role, found.used_at)
    ledger.remove_user(omar.user_id)
    assert ledger.key_with("h") is None


def test_what_no_database_can_hold_finds_nobody(ledger, layla):
    """
    A NUL in a name or a token is a stranger's try, not an error of ours.
    """
    assert ledger.user_named("nobody\x00") is None
    assert ledger.search_shared_as("\x00") is None
