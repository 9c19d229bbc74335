"""
API keys with the least privileges that do the work.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from pipeline.index.elastic.client import Client

#: `manage` is needed to set an alias on a new month's index, `delete_index` for retention.
INGEST = ["index", "read", "create_index", "manage", "delete_index"]
READER = ["read", "view_index_metadata"]


def create_keys(url: str, *, user: str, password: str, ca_certs: Path | None, prefix: str) -> tuple[str, str]:
    """Make a key to write with and a key to search with.

    The ingest key may also put the index template, which is a privilege on the cluster.
    """
    with closing(Client(url, basic_auth=(user, password), ca_certs=ca_certs)) as client:
        ingest = client.create_api_key(
            f"{prefix}-ingest", _role(prefix, INGEST, ["manage_index_templates", "monitor"])
        )
        reader = client.create_api_key(f"{prefix}-reader", _role(prefix, READER, ["monitor"]))
    return ingest, reader


def _role(prefix: str, privileges: list[str], cluster: list[str]) -> dict[str, Any]:
    return {
        "cluster": cluster,
        "indices": [{"names": [prefix, f"{prefix}-*"], "privileges": privileges}],
    }
