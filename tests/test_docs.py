"""What the docs say is so."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup

from bench.__main__ import PARTS
from pipeline.cli import app

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]

#: What somebody may type: code within a line, the lines of a block of code, and what the DAGs advise.
TYPED = re.compile(r"`([^`\n]+)`|^(?: {4}|\$ )(.+)$", re.MULTILINE)


def typed(program: str) -> dict[str, str]:
    """What docs and DAGs tell people to type after the name of a program → where."""
    found = {}
    for page in [*PAGES, *sorted((ROOT / "dags").glob("*.py"))]:
        for within, alone in TYPED.findall(page.read_text(encoding="utf-8")):
            text = (within or alone).removeprefix(".venv/bin/").removeprefix("docker compose run --rm ")
            if text.startswith(f"{program} "):
                found[re.split(r" {2,}#| …|;|\\$", text)[0].strip()] = page.name
    return found


def unknown_in(line: str) -> list[str]:
    """The words of a `rasd` line that are no command, and the options its command does not have."""
    command, words = typer.main.get_command(app), shlex.split(line)[1:]
    known = {"--help", "--debug"}
    while words and isinstance(command, TyperGroup) and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    known |= {name for part in command.params for name in (*part.opts, *part.secondary_opts)}
    lost = words[:1] if isinstance(command, TyperGroup) and not command.invoke_without_command else []
    return lost + [word for word in words if word.startswith("--") and word.split("=")[0] not in known]


def test_the_page_of_commands_is_what_the_commands_say():
    """
    After a change to the command line the page is made anew: scripts/write_commands.py.
    """
    told = subprocess.run([sys.executable, ROOT / "scripts/write_commands.py", "--check"], check=False)

    assert 0 == told.returncode, "run: .venv/bin/python scripts/write_commands.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    """
    A link within the repository names a file that is there.
    """
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))

    assert [] == [link for link in links if "://" not in link and not (page.parent / link).exists()]


def test_the_readme_shows_its_topic_as_it_would_run(tmp_path):
    """
    Who copies the README's outlet and topic has an outlet and a topic, and the examples hold.
    """
    from pipeline import config
    from pipeline.detect.examples import failures

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shutil.copy(ROOT / "config/evidence.yml", tmp_path)
    blocks = re.findall(r"`(config/(?:outlets|topics)/\w+\.yml)`.*?```yaml\n(.*?)```", readme, re.DOTALL)
    for path, text in blocks:
        file = tmp_path / Path(path).relative_to("config")
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")

    assert {"alghad"} == set(config.load_outlets(tmp_path))
    topics = config.load_topics(tmp_path)
    assert {"water"} == set(topics)
    assert [] == failures(topics)


@pytest.mark.parametrize(("line", "page"), typed("rasd").items(), ids=lambda text: text)
def test_commands_are_there_as_docs_have_them(line, page):
    """
    Who types what a page shows meets a command, and options it has.
    """
    for one in line.split("|") if "'" not in line and '"' not in line else [line]:
        if one.startswith("rasd"):
            assert [] == unknown_in(one)


def test_an_unknown_command_would_be_seen():
    """
    The test above can fail: of a command that is not there, and of an option.
    """
    assert (["harvest"], ["--loudly"]) == (unknown_in("rasd harvest"), unknown_in("rasd poll --loudly"))


def test_targets_and_modules_are_there_as_docs_have_them():
    """
    `make` targets, modules run with `python -m`, and parts of the benchmark.
    """
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    made = {word for line in typed("make") for word in shlex.split(line)[1:] if word.isalpha()}
    modules = {line.split()[2] for line in typed("python") if line.startswith("python -m ")}
    parts = {name for line in typed("python -m bench") for name in re.findall(r"--only (\w+)", line)}

    assert made
    assert set() == made - targets
    assert [] == [module for module in modules if find_spec(module) is None]
    assert set() == parts - {"NAME"} - set(PARTS)
