"""
An index on each engine.
"""

from __future__ import annotations

from functools import partial

import pytest

from pipeline.index.elastic.client import Client
from pipeline.index.elastic.index import open_elastic_index
from pipeline.index.sqlite.index import open_sqlite_index
from tests.index.documents import Searched


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def searched(request, tmp_path):
    if request.param == "embedded":
        open_index = partial(open_sqlite_index, tmp_path / "index.sqlite")
        index = open_index()
    else:
        url = request.getfixturevalue("elasticsearch_url")
        open_index = partial(open_elastic_index, url, prefix=f"t{abs(hash(request.node.nodeid)):x}")
        index = open_index()
        index.check()
    yield Searched(index, open_index)
    if request.param == "elasticsearch":
        client = Client(request.getfixturevalue("elasticsearch_url"))
        client.delete_indices(client.indices(f"{index._prefix}-*"))
        client.close()
    index.close()
