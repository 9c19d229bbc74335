"""
The tables.

Rows that are claimed and settled are narrow; long texts stand in tables of their own
(`feed_texts`, `texts`, `robots`), since SQLite writes a whole row anew for every change in it.
Every claim query has a partial index that holds pending rows only, so a million settled entries
cost a claim nothing.

A change here needs a migration in `migrations/versions` and a new `SCHEMA_VERSION`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, MetaData, Table, Text

from pipeline.ledger.columns import Json, Serial, Words, count, flag, instant, owner, text, waiting

#: The newest migration: what this Rasd reads and writes.
SCHEMA_VERSION = "0002"

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_%(column_0_name)s_fk",
        "uq": "%(table_name)s_%(column_0_name)s_key",
    }
)

outlets = Table(
    "outlets",
    metadata,
    Column("outlet_id", Text, primary_key=True),
    text("title"),
    text("title_en"),
    text("country"),
    flag("enabled", default=True),
    instant("added_at", nullable=False),
)

hosts = Table(
    "hosts",
    metadata,
    Column("host", Text, primary_key=True),
    instant("next_request_at", nullable=False),
    instant("leased_until"),
    text("worker"),
    count("token"),
    count("failures"),
)

robots = Table(
    "robots",
    metadata,
    owner("host", "hosts.host"),
    count("status"),
    text("body"),
    instant("fetched_at", nullable=False),
)

feeds = Table(
    "feeds",
    metadata,
    Column("feed_id", Serial, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("outlet_id", Text, ForeignKey("outlets.outlet_id"), nullable=False),
    Column("host", Text, ForeignKey("hosts.host"), nullable=False),
    Column("section", Words),
    count("poll_at_most_s"),
    Column("time_zone", Text),
    flag("enabled", default=True),
    instant("added_at", nullable=False),
    text("fetch_url"),
    instant("first_polled_at"),
    instant("last_polled_at"),
    instant("last_good_at"),
    instant("next_poll_at"),  # None: stopped
    Column("etag", Words),
    Column("last_modified", Words),
    Column("body_hash", Text),
    Column("interval_s", Float, nullable=False, default=0.0),
    count("failures"),
    count("moves"),
    Column("moved_to", Words),
    text("status"),
    text("reason"),
    count("http_status"),
    Column("listed", Json, nullable=False, default=list),  # entry ids, in the feed's order
    Column("date_rule", Json),  # None: its dates are taken at their word
    Column("date_evidence", Json, nullable=False, default=list),
    Column("habits", Json),  # what the schedule goes by
    Index("feeds_due", "host", "next_poll_at"),
)

entries = Table(
    "entries",
    metadata,
    Column("entry_id", Text, primary_key=True),
    Column("outlet_id", Text, nullable=False),
    Column("host", Text, nullable=False),
    text("url"),
    Column("url_hash", BigInteger, nullable=False),
    text("canonical_url"),
    Column("canonical_hash", BigInteger, nullable=False),
    instant("first_seen_at", nullable=False),
    *waiting(),
    Column("outcome", Text),
    text("reason"),
    count("tries"),
    instant("retry_at"),  # None: now
    count("feed_letters"),
    Column("page_file", Text),
    Column("page_offset", BigInteger),
    Column("page_bytes", BigInteger),
    text("final_url"),
    instant("fetched_at"),
    text("page_outcome"),
    Column("duplicate_of", Text),
    instant("expired_at"),
    instant("look_at"),  # None: not looked at again unless the feed edits it
    Column("page_etag", Words),
    Column("page_last_modified", Words),
)
Index(
    "entries_waiting",
    entries.c.stage,
    entries.c.turn,
    sqlite_where=entries.c.stage.is_not(None) & entries.c.leased_until.is_(None),
    postgresql_where=entries.c.stage.is_not(None) & entries.c.leased_until.is_(None),
)
Index(
    "entries_hosts",
    entries.c.stage,
    entries.c.host,
    entries.c.turn,
    sqlite_where=entries.c.stage.is_not(None),
    postgresql_where=entries.c.stage.is_not(None),
)
Index(
    "entries_leased",
    entries.c.leased_until,
    sqlite_where=entries.c.leased_until.is_not(None),
    postgresql_where=entries.c.leased_until.is_not(None),
)
Index(
    "entries_looks",
    entries.c.look_at,
    sqlite_where=entries.c.look_at.is_not(None),
    postgresql_where=entries.c.look_at.is_not(None),
)
Index("entries_url", entries.c.url_hash)
Index("entries_canonical", entries.c.canonical_hash)
Index("entries_outcomes", entries.c.outlet_id, entries.c.outcome)
Index("entries_seen", entries.c.outlet_id, entries.c.first_seen_at)

feed_texts = Table(
    "feed_texts",
    metadata,
    owner("entry_id", "entries.entry_id"),
    text("feed_url"),
    text("title"),
    text("summary"),
    text("body"),
    text("author"),
    Column("categories", Json, nullable=False, default=list),
    text("image_url"),
    Column("date", Json),
    text("raw_date"),
    text("content_hash"),
)

sightings = Table(
    "sightings",
    metadata,
    Column("feed_id", Serial, ForeignKey("feeds.feed_id"), primary_key=True, autoincrement=False),
    owner("entry_id", "entries.entry_id"),
    text("content_hash"),
    instant("first_seen_at", nullable=False),
    instant("last_seen_at", nullable=False),
    instant("vanished_at"),  # None: listed, or slid off the end of the window
    Index("sightings_entry", "entry_id"),
    Index("sightings_seen", "feed_id", "first_seen_at"),
)

articles = Table(
    "articles",
    metadata,
    owner("article_id", "entries.entry_id"),
    Column("outlet_id", Text, nullable=False),
    text("url"),
    Column("url_hash", BigInteger, nullable=False),
    text("title"),
    instant("first_seen_at", nullable=False),
    instant("fetched_at"),
    text("author"),
    text("section"),
    Column("tags", Json, nullable=False, default=list),
    text("image_url"),
    text("language"),
    text("wire"),
    Column("date", Json),
    instant("dated_at", nullable=False),
    text("body_from"),
    text("page_outcome"),
    text("extractor"),
    Column("asides", Json, nullable=False, default=list),
    text("genre"),
    Column("text_hash", Text, nullable=False),
    count("revision", 1),
    count("document_version", 1),
    count("indexed_version"),
    count("claimed_version"),  # what the index is being told just now
    Column("month", Text),  # None: never offered to the index
    instant("withdrawn_at"),
    instant("indexed_at"),
    instant("searchable_at"),  # when the index first took it
    count("detected_revision"),  # the text its matches are of
    *waiting(),
)
Index(
    "articles_waiting",
    articles.c.stage,
    articles.c.turn,
    sqlite_where=articles.c.stage.is_not(None) & articles.c.leased_until.is_(None),
    postgresql_where=articles.c.stage.is_not(None) & articles.c.leased_until.is_(None),
)
Index(
    "articles_leased",
    articles.c.leased_until,
    sqlite_where=articles.c.leased_until.is_not(None),
    postgresql_where=articles.c.leased_until.is_not(None),
)
Index("articles_text", articles.c.text_hash)
Index("articles_url", articles.c.url_hash)
Index("articles_dated", articles.c.dated_at)

texts = Table(
    "texts",
    metadata,
    owner("article_id", "articles.article_id"),
    text("body"),
)

revisions = Table(
    "revisions",
    metadata,
    owner("article_id", "articles.article_id"),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    text("title"),
    text("body"),
    Column("text_hash", Text, nullable=False),
    instant("replaced_at", nullable=False),
)

matches = Table(
    "matches",
    metadata,
    owner("article_id", "articles.article_id"),
    Column("topic_id", Text, primary_key=True),
    text("topic_version"),
    Column("score", Float, nullable=False),
    Column("threshold", Float, nullable=False),
    Column("hits", Json, nullable=False),  # the evidence, the cancelled hits too
    Column("evidence", Json, nullable=False, default=list),
    Index("matches_topic", "topic_id"),
)

judgements = Table(
    "judgements",
    metadata,
    owner("article_id", "entries.entry_id"),  # outlives the article's text
    Column("topic_id", Text, primary_key=True),
    flag("belongs", default=True),
    text("why"),
    text("judged_by"),
    instant("judged_at", nullable=False),
    Index("judgements_topic", "topic_id", "judged_at"),
)

topic_changes = Table(  # what new rules changed; what a new text changed is in `revisions`
    "topic_changes",
    metadata,
    Column("change_id", Serial, primary_key=True),
    Column("article_id", Text, ForeignKey("articles.article_id", ondelete="CASCADE"), nullable=False),
    Column("topic_id", Text, nullable=False),
    instant("changed_at", nullable=False),
    flag("gained"),
    text("topic_version"),  # the one that gained it, or had it until then
    Index("topic_changes_topic", "topic_id", "changed_at"),
    Index("topic_changes_article", "article_id"),
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("entry_id", Text, primary_key=True),
    Column("url_hash", BigInteger, nullable=False),  # no address: it may name a person
    instant("forgotten_at", nullable=False),
    Index("tombstones_url", "url_hash"),
    Index("tombstones_at", "forgotten_at"),
)

templates = Table(
    "templates",
    metadata,
    Column("outlet_id", Text, primary_key=True),
    count("edition"),
    instant("verified_at"),
    Column("state", Json, nullable=False),  # the rest of it: see `pipeline.templates`
)

runs = Table(
    "runs",
    metadata,
    Column("run_id", Serial, primary_key=True),
    text("step"),
    text("worker"),
    instant("started_at", nullable=False),
    instant("ended_at", nullable=False),
    Column("counts", Json, nullable=False),
    Index("runs_step", "step", "ended_at"),
)

meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    text("value"),
)
