"""What the docs say is so."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


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
