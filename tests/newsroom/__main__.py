"""
Serve the make-believe press until stopped: `python -m tests.newsroom [--port N] [--config DIR]`.
"""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path

from tests.newsroom import Newsroom


def main() -> None:
    """Say where everything is, then serve until Ctrl-C or SIGTERM."""
    arguments = _arguments()
    with Newsroom(port=arguments.port) as newsroom:
        if arguments.config:
            newsroom.config(arguments.config)
            print(f"outlets for Rasd: {arguments.config / 'outlets'}")
        for name, value in newsroom.environment().items():
            print(f"export {name}={value}")
        for outlet_id, outlet in newsroom.outlets.items():
            print(f"{outlet.title_en:24} {'  '.join(newsroom.feed_urls(outlet_id))}")
        print("Ctrl-C ends it", flush=True)
        _wait()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.newsroom", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="one port for all outlets; 0: any that is free")
    parser.add_argument("--config", type=Path, help="folder to write outlets/*.yml to, for RASD_CONFIG")
    return parser.parse_args()


def _wait() -> None:
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()


if __name__ == "__main__":
    main()
