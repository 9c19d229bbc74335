"""
Proving by a password who one is; each wrong one after some makes the next try wait longer.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.people import User
from pipeline.web.desk import Desk
from pipeline.web.seals import hash_password, needs_rehash, verify_password
from pipeline.web.speech import Speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What became of a try; without a user it was not believed."""

    user: User | None = None
    wait_s: int = 0  #: the password was not looked at: so long until the next one is

    def wrong(self, speech: Speech) -> str:
        """Why it was not believed."""
        return speech("wait", span=speech.span(self.wait_s)) if self.wait_s else speech("wrong_password")


def tried(desk: Desk, name: str, password: str, *, address: str = "") -> Tried:
    """Try a password of somebody; the right one forgives the wrong ones before.

    Args:
        address: where it comes from; "" for somebody who is signed in.
    """
    patience = desk.limits.passwords
    keys = [f"name {name.strip().casefold()}", *([f"address {address}"] if address else [])]
    if wait_s := patience.wait_s(*keys, now=desk.now()):
        return Tried(wait_s=wait_s)
    user = _who(desk, name.strip(), password)
    if user is None:
        patience.failed(*keys, now=desk.now())
    else:
        patience.succeeded(*keys)
    return Tried(user=user)


def _who(desk: Desk, name: str, password: str) -> User | None:
    user, kept = desk.ledger.user_named(name) or (None, None)
    if not verify_password(kept, password) or user is None or kept is None:
        return None
    if needs_rehash(kept):
        desk.ledger.rehash_password(user.user_id, hash_password(password))
    return user
