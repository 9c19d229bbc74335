"""
What can go wrong, sorted by the question the person on call asks first: how much is broken?

* RasdError
  + ConfigError             a file in config/ or a setting is wrong   the program stops, before any work;
                            (unattended, a file counts as it last was right: see `pipeline.standing`)
  + StoreError              ledger, archive or index does not answer  the task stops; Airflow tries again
    - IncompatibleError     it answers, but is of another version     the program stops, with what to do
    - QueryTimeoutError     the index was stopped at the time-out     this query ends; a narrower one may do
  + QueryError              an analyst's query cannot be read         this query gets the column and advice
  + ImportLineError         a line of an imported file is wrong       this line stops; the next goes on
  + FeedError               no usable feed behind the URL             this feed stops; its siblings go on
  + EntryError              an entry ends, with its outcome           this entry stops; the next goes on
    - UnreachableError      may work later: time-out, reset, 429, 5xx
      . HostDownError       nobody answers at the host at all
    - GoneError             404, 410
    - BlockedError          consent, challenge, paywall, 401, 403, 451
    - DisallowedError       robots, or an address no request may reach
    - UnusableError         wrong type, too large
    - NoArticleError        the page holds no article
    - NotArabicError        its text is in another language

A step raises; whoever drains the ledger catches `EntryError` and `FeedError` and settles them as
values. An error of any other class is a bug and is left to fail the task.
"""

from __future__ import annotations

from pipeline.records import Outcome


class RasdError(Exception):
    """Anything Rasd can say in one line."""


class ConfigError(RasdError):
    """A file in config/ or an environment variable is wrong; names file and key, says what is right."""


class StoreError(RasdError):
    """Ledger, archive or index does not answer; says which and what to check."""


class IncompatibleError(StoreError):
    """A store is of a version this Rasd cannot work with."""


class QueryTimeoutError(StoreError):
    """A query took too long and was stopped."""

    def __init__(self, timeout_s: float) -> None:
        self.timeout_s = timeout_s
        super().__init__(
            f"the query took longer than {timeout_s:g} s and was stopped; narrow it by date, topic or outlet"
        )


class QueryError(RasdError):
    """A query that cannot be read, or something that was asked beside it.

    Args:
        message: what is wrong, without column and suggestion.
        column: 1-based, in code points of the query; ``None`` where it is no part of the query's text.
        suggestion: a query that would be read, or "".
    """

    def __init__(self, message: str, *, column: int | None = None, suggestion: str = "") -> None:
        self.message = message
        self.column = column
        self.suggestion = suggestion
        advice = f"; try: {suggestion}" if suggestion else ""
        place = f"column {column}: " if column else ""
        super().__init__(f"{place}{message}{advice}")

    def advising(self, suggestion: str) -> QueryError:
        """The same mistake with another way out."""
        return type(self)(self.message, column=self.column, suggestion=suggestion)


class ImportLineError(RasdError):
    """A line of an imported file that cannot become an article."""


class FeedError(RasdError):
    """No usable feed behind `url`; `reason` is a few words, `name` one of a fixed vocabulary.

    Args:
        name: unreachable | gone | blocked | disallowed | not_a_feed | challenge | empty | too_large
        retry_after_s: what the server asked for, if it did.
    """

    def __init__(self, url: str, name: str, reason: str, *, retry_after_s: float | None = None) -> None:
        self.url = url
        self.name = name
        self.reason = reason
        self.retry_after_s = retry_after_s
        super().__init__(f"{url}: {name}: {reason}")


class EntryError(RasdError):
    """An entry goes no further; `outcome` and `reason` are what the ledger keeps."""

    outcome: Outcome

    def __init__(self, url: str, reason: str, *, retry_after_s: float | None = None) -> None:
        self.url = url
        self.reason = reason
        self.retry_after_s = retry_after_s
        super().__init__(f"{url}: {self.outcome}: {reason}")


class UnreachableError(EntryError):
    """No answer this time; a later try may get one."""

    outcome = Outcome.UNREACHABLE


class HostDownError(UnreachableError):
    """No connection to the host: its name, its port or its TLS; what else is on it need not be tried now."""


class GoneError(EntryError):
    """404 or 410."""

    outcome = Outcome.GONE


class BlockedError(EntryError):
    """The publisher says no, or wants something of a person first."""

    outcome = Outcome.BLOCKED


class DisallowedError(EntryError):
    """Robots forbid it, or the address is one no request may reach."""

    outcome = Outcome.DISALLOWED


class UnusableError(EntryError):
    """Not a page: wrong type or too large."""

    outcome = Outcome.UNUSABLE


class NoArticleError(EntryError):
    """A page, but no article on it."""

    outcome = Outcome.NO_ARTICLE


class NotArabicError(EntryError):
    """An article, but not in Arabic."""

    outcome = Outcome.NOT_ARABIC
