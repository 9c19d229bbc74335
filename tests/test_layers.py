"""The architecture as a test: who may import whom, who may know which library, and house rules."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PIPELINE = ROOT / "pipeline"
MODULES = sorted(PIPELINE.rglob("*.py"))
EVERYTHING = sorted(
    path
    for folder in ("pipeline", "dags", "bench", "scripts", "tests")
    for path in (ROOT / folder).rglob("*.py")
)

#: Who may import whom, part by part, from the ground up: a part is a module of pipeline/ or a folder in it.
MAY_IMPORT: dict[str, set[str]] = {
    "": set(),
    # What everybody speaks of.
    "records": set(),
    "errors": {"records"},
    "answers": set(),
    "reports": {"records"},
    "people": set(),
    "habits": set(),
    "hosts": set(),
    "templates": set(),
    "work": {"records", "habits", "hosts"},  # what goes between ledger and steps
    "redo": {"records", "work"},
    # What knows nothing of us.
    "alerts": set(),
    "clock": set(),
    "log": set(),
    "topicedit": set(),
    "wording": set(),
    "write_ahead": set(),
    "yamlfile": set(),
    "arabic": set(),
    # What is set and configured.
    "settings": {"errors", "wording"},
    "topicfile": {"records", "yamlfile", "arabic"},  # terms are held against the words of texts
    "outletfile": {"records", "errors"},
    "config": {"records", "errors", "topicfile", "yamlfile"},
    "standing": {"records", "errors", "config"},
    "configured": {"alerts", "config", "standing"},
    # The steps, which do not know each other, and what they work on.
    "ledger": {
        "records", "errors", "reports", "people", "habits", "hosts", "templates", "work", "redo",
        "write_ahead",
    },
    "collect": {"records", "errors", "habits", "hosts", "work", "clock", "arabic"},
    "extract": {"records", "errors", "templates", "work", "redo", "clock", "arabic"},
    "detect": {"records", "work", "clock", "arabic"},
    "search": {"records", "errors", "answers", "arabic"},
    "index": {
        "records", "errors", "answers", "work", "clock", "write_ahead", "arabic",
        "search",  # an index answers the search's query tree
    },
    "importing": {"records", "errors", "work", "arabic", "collect", "ledger"},
    # What puts them together.
    "evaluate": {  # scores every step over labelled data
        "records", "errors", "answers", "work", "arabic", "outletfile", "collect", "extract", "detect",
        "search", "index", "importing",
    },
    "status": {"reports"},
    "monitor": {
        "records", "errors", "redo", "clock", "ledger", "collect", "extract", "detect", "search", "index",
        "importing",
    },
    "wiring": {
        "records", "errors", "answers", "alerts", "clock", "log", "settings", "config", "configured",
        "ledger", "collect", "extract", "detect", "search", "index", "status", "monitor",
    },
    # Who asks.
    "supervise": {"errors", "alerts", "settings", "wiring"},
    "web": {
        "records", "errors", "answers", "reports", "people", "clock", "arabic", "settings", "standing",
        "configured", "ledger", "search", "index", "wiring",
    },
    "cli": {
        "records", "errors", "answers", "reports", "people", "hosts", "templates", "topicedit", "wording",
        "arabic", "outletfile", "config", "configured", "ledger", "collect", "extract", "detect", "search",
        "index", "evaluate", "status", "monitor", "wiring", "web",
    },
}  # fmt: skip

#: Libraries that exactly one module may know: replacing one is a change to one file.
ONE_MODULE = (
    "elasticsearch",
    "feedparser",
    "hijridate",
    "httpx",
    "protego",
    "py3langid",
    "readability",
    "tldextract",
    "trafilatura",
    "warcio",
    "zstandard",
)
#: Libraries that belong to one part, or to none.
ONLY_IN = {
    "elasticsearch": "pipeline/index/elastic/client.py",
    "sqlalchemy": "pipeline/ledger/",
    "alembic": "pipeline/ledger/",
    "fastapi": "pipeline/web/",
    "starlette": "pipeline/web/",
    "jinja2": "pipeline/web/",
    "typer": "pipeline/cli/",
    "airflow": "dags/",
}

#: The environment is settings.py's; who else touches it says why here.
READS_ENVIRONMENT = {
    "pipeline/settings.py": "names what is no setting and nearly one",
    "pipeline/ledger/postgresql_tools.py": "hands it on to pg_dump and pg_restore",
    "pipeline/cli/__init__.py": "--debug is a setting given on the command line",
    "pipeline/supervise/environment.py": "builds the environment of the processes it starts",
}

SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "constants", "misc", "base"}

#: Above it a file holds more than one thought.
MAX_LINES = 400


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def part_of(path: Path) -> str:
    """`pipeline/index/sqlite/index.py` → `index`; the package's own `__init__` → ``."""
    first = path.relative_to(PIPELINE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def imported(path: Path) -> frozenset[str]:
    """Dotted names of everything the module imports, inside functions too."""
    names = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports relatively; write the whole name"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(names)


def parts_imported(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imported(path) if name.startswith("pipeline.")}


def libraries_of(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imported(path)}


def test_every_part_has_its_place():
    """
    A new part of the pipeline says in the table whom it may know.
    """
    assert set() == {part_of(path) for path in MODULES} - set(MAY_IMPORT)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_only_what_lies_below(path):
    """
    Steps do not know each other, and nothing knows who calls it.
    """
    part = part_of(path)
    allowed = MAY_IMPORT[part] | {part}

    assert set() == parts_imported(path) - allowed


def test_the_table_is_the_picture():
    """
    What a part may import it does import: a reader of the table sees the pipeline as it is.
    """
    used = defaultdict(set)
    for path in MODULES:
        used[part_of(path)] |= parts_imported(path)

    assert {} == {part: spare for part, may in MAY_IMPORT.items() if (spare := may - used[part])}


def test_a_library_is_known_to_one_module():
    """
    Replacing a library is a change to one file.
    """
    knowing = defaultdict(set)
    for path in MODULES:
        for library in libraries_of(path) & set(ONE_MODULE):
            knowing[library].add(name_of(path))

    assert {} == {library: paths for library, paths in knowing.items() if len(paths) > 1}


@pytest.mark.parametrize(("library", "home"), ONLY_IN.items())
def test_a_library_stays_at_home(library, home):
    """
    SQL is the ledger's, HTTP pages are the web's, and nothing under pipeline/ knows Airflow.
    """
    strangers = [
        name_of(path)
        for path in MODULES
        if library in libraries_of(path) and not name_of(path).startswith(home)
    ]

    assert [] == strangers


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_settings_read_the_environment(path):
    """
    What differs between machines comes in one way, checked once.
    """
    touches = any(
        isinstance(node, ast.Attribute)
        and node.attr in {"environ", "environb", "getenv", "putenv"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
        for node in ast.walk(tree_of(path))
    ) or not {"os.environ", "os.getenv"}.isdisjoint(imported(path))

    assert not touches or name_of(path) in READS_ENVIRONMENT


@pytest.mark.parametrize("path", EVERYTHING, ids=name_of)
class TestEachModule:
    """House rules a reader relies on."""

    def test_name_says_what_it_is_about(self, path):
        """
        There is no drawer for odds and ends.
        """
        assert path.stem not in SAYS_NOTHING
        assert path.parent.name not in SAYS_NOTHING

    def test_opens_with_a_docstring(self, path):
        """
        Which step this is, and what the module alone knows; an empty package has nothing to say.
        """
        assert ast.get_docstring(tree_of(path)) or not tree_of(path).body

    def test_is_one_thought_long(self, path):
        """
        Longer files are split where the thought changes.
        """
        assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_importing_does_no_work(path):
    """
    No module opens a file or a connection when it is imported: constants, functions and classes only.
    """
    at_import = [
        node
        for statement in tree_of(path).body
        if isinstance(statement, ast.Expr | ast.Assign | ast.AnnAssign)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
        and (
            (
                isinstance(node.func, ast.Attribute)
                and node.func.attr in {"read_text", "read_bytes", "connect"}
            )
            or (isinstance(node.func, ast.Name) and node.func.id == "open")
        )
    ]

    assert [] == [f"{name_of(path)}:{node.lineno}" for node in at_import]


def test_airflow_is_imported_in_dags_alone():
    """
    Everything runs from the shell as well; only the schedule needs Airflow.
    """
    knowing = {
        name_of(path).split("/")[0]
        for path in EVERYTHING
        if "airflow" in libraries_of(path) and not name_of(path).startswith("tests/")
    }

    assert knowing <= {"dags"}
