"""
Trims what Airflow itself never trims: the rows of old runs in its database, and old task logs.

    python -m pipeline.supervise.janitor            once a day, for ever: a part of the stack
    python -m pipeline.supervise.janitor --once     now, then ends
    python -m pipeline.supervise.janitor --check    exit status 3 when it has not got round to it lately

Every run leaves some twenty rows and ten log files, and there are 144 runs a day.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline import alerts, settings
from pipeline.supervise import environment

#: History worth having when something is looked into; 30 days of runs are some 100 MB.
KEEP_DAYS = 30
#: How often it cleans.
EVERY_S = 24 * 3600.0
#: After this long without cleaning something is wrong: a day was missed, and the retry after it.
LATE_S = 2 * EVERY_S
#: The stack starts first.
FIRST_AFTER_S = 120.0
#: How soon after a failure it tries again, and how often it looks whether it is time.
LOOK_S = 1800.0

_BATCH_ROWS = "2000"  # per transaction, so that the scheduler is never kept waiting for long


def main() -> int:
    """Clean as asked; the exit status."""
    asked = _arguments()
    folder = environment.airflow_home()
    if asked.check:
        return 3 if complain(folder, time.time()) else 0
    if asked.once:
        return 0 if clean(folder, keep_days=asked.keep_days, now=datetime.now(UTC)) else 1
    return _for_ever(folder, asked.keep_days)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m pipeline.supervise.janitor", description=__doc__)
    parser.add_argument("--once", action="store_true", help="clean now, then end")
    parser.add_argument("--check", action="store_true", help="say whether it cleans as it should")
    parser.add_argument("--keep-days", type=int, default=KEEP_DAYS, help="days of runs and logs kept")
    return parser.parse_args()


def _for_ever(folder: Path, keep_days: int) -> int:
    time.sleep(FIRST_AFTER_S)
    told = False
    while True:
        if is_due(folder, time.time()):
            cleaned = clean(folder, keep_days=keep_days, now=datetime.now(UTC))
            if not cleaned and not told:
                _tell("`airflow db clean` failed; the janitor's log says why, and it tries again")
            told = not cleaned
        time.sleep(LOOK_S)


def is_due(folder: Path, now: float) -> bool:
    """Whether a day has passed since it last cleaned, in whichever process.

    Args:
        folder: `AIRFLOW_HOME`.
        now: seconds since 1970.
    """
    return now - last_cleaned(folder) >= EVERY_S


def complain(folder: Path, now: float) -> bool:
    """Say so, where it has not cleaned for two days."""
    late = now - last_cleaned(folder) >= LATE_S
    if late:
        sys.stderr.write(f"the janitor has not cleaned {folder} for two days; its log says why\n")
    return late


def last_cleaned(folder: Path) -> float:
    """When it last cleaned, seconds since 1970; the folder's own age counts until it has."""
    stamp = folder / "cleaned"
    if stamp.exists():
        return stamp.stat().st_mtime
    return folder.stat().st_ctime if folder.exists() else 0.0


def clean(folder: Path, *, keep_days: int, now: datetime) -> bool:
    """Drop runs and logs older than `keep_days`; whether Airflow's database could be cleaned."""
    horizon = now - timedelta(days=keep_days)
    removed = remove_logs(folder / "logs", horizon)
    cleaned = _run("db", "clean", "--clean-before-timestamp", horizon.isoformat(), "--skip-archive", "--yes",
                   "--batch-size", _BATCH_ROWS, "--error-on-cleanup-failure")  # fmt: skip
    # A clean that was killed leaves its intermediate tables.
    cleaned = _run("db", "drop-archived", "--yes") and cleaned
    sys.stdout.write(f"removed {removed} log files; database {'cleaned' if cleaned else 'not cleaned'}\n")
    sys.stdout.flush()
    if cleaned:
        (folder / "cleaned").touch()
    return cleaned


def remove_logs(logs: Path, horizon: datetime) -> int:
    """Remove log files last written before `horizon`, and folders that are empty then; how many files."""
    removed = 0
    for path in sorted(logs.rglob("*"), reverse=True):  # what is in a folder comes before the folder
        try:
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            elif path.lstat().st_mtime < horizon.timestamp():
                path.unlink()
                removed += 1
        except OSError:
            continue  # not empty, or gone already
    return removed


def _run(*arguments: str) -> bool:
    airflow = str(Path(sys.executable).with_name("airflow"))
    return subprocess.run([airflow, *arguments], check=False).returncode == 0  # noqa: S603 - our own command


def _tell(text: str) -> None:
    alerts.send(settings.load().alert_url, "janitor_failing", text)


if __name__ == "__main__":
    sys.exit(main())
