"""
The README's screenshots, of what `make demo` left behind: `python -m scripts.screenshots`.

Colours are brought down to 256, which nobody sees and which makes the files a third as large.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path

import uvicorn
from PIL import Image  # comes with the extractors that are measured against
from playwright.sync_api import Page, sync_playwright

from pipeline.settings import Settings
from pipeline.web.app import make_app
from pipeline.web.asking import warm_up
from pipeline.web.serve import open_desk
from tests.services.chromium import find_chromium

PROJECT = Path(__file__).resolve().parent.parent
DEMO = PROJECT / "var/demo"
FOLDER = PROJECT / "docs/screenshots"
QUERY, OTHER, THIRD = "موسكو", "السودان", '"البحر الأحمر"'  # Moscow, Sudan, "Red Sea"


def main() -> None:
    """Serve the demo's newsroom, and look at it."""
    settings = Settings(home=DEMO / "home", config=DEMO / "config", time_zone="Asia/Amman", log_level="error")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open_desk(settings, on_loopback=True) as desk:
        warm_up(desk)
        server = uvicorn.Server(uvicorn.Config(make_app(desk), port=0, log_level="critical"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            look(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}")
        finally:
            server.should_exit = True
            thread.join()


def look(address: str) -> None:
    """The search page, the article it leads to first, and two queries compared."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), chromium_sandbox=False)
        page = browser.new_page(
            viewport={"width": 1280, "height": 860}, timezone_id="Asia/Amman", bypass_csp=True
        )
        for _ in range(2):  # the first reads what later ones find in memory
            page.goto(f"{address}/?q={QUERY}")
        keep(page, "search")
        page.locator(".hit h3 a").first.click()
        page.locator(".paper").wait_for()
        keep(page, "article")
        page.goto(f"{address}/compare?q={QUERY}&q={OTHER}&q={THIRD}&since=2d")
        keep(page, "compare")
        browser.close()


def keep(page: Page, name: str) -> None:
    """A file of the page as it is now."""
    file = FOLDER / f"{name}.png"
    page.add_style_tag(content="html { scrollbar-gutter: auto }")  # there is no scroll bar to make room for
    page.screenshot(path=file)
    with Image.open(file) as shot:
        shot.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
