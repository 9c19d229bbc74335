"""The pages over Elasticsearch: the same as over the embedded index."""

from __future__ import annotations

import csv
import io

import pytest

from pipeline import wiring
from tests.web.conftest import opened_site

pytestmark = pytest.mark.elasticsearch


def test_pages_and_exports_are_the_same_over_elasticsearch(
    monitored, elasticsearch_url, tmp_path, monkeypatch, site
):
    """
    Totals, facets, similar coverage and a whole export, from either engine.
    """
    for name, value in {"INDEX": "elasticsearch", "ELASTICSEARCH_URL": elasticsearch_url}.items():
        monkeypatch.setenv(f"RASD_{name}", value)
    monkeypatch.setenv("RASD_ELASTICSEARCH_PREFIX", "rasd-pages")
    embedded = site.client()
    with opened_site(monitored, tmp_path / "other", limits=site.desk.limits) as other:
        with wiring.open_monitor(monitored.settings(tmp_path / "other")) as monitor:
            monitor.rebuild()
        client = other.client()
        here, there = (
            each.get("/api/v1/search", params={"q": "موسكو"}).json()  # Moscow
            for each in (embedded, client)
        )

        assert here["total"] == there["total"] > 3
        assert here["facets"]["country"] == there["facets"]["country"]
        assert here["timeline"] == there["timeline"]
        for path in ("/", "/topics", "/topics/us_russia_diplomacy", "/health"):
            assert 200 == client.get(path).status_code, path
        assert client.get(f"/api/v1/articles/{there['hits'][0]['id']}/similar").json()
        exported = client.get("/search.csv", params={"q": "موسكو"}).content.decode("utf-8-sig")  # Moscow
        assert there["total"] == len(list(csv.reader(io.StringIO(exported)))) - 1
