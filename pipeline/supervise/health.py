"""
Is a component of Airflow alive? `python -m pipeline.supervise.health http://api-server:8080 scheduler`

Asks the API server, which knows when each component last reported to the database. Exit status 0 when
healthy, 3 when not. Health checks run it by the minute, so it imports next to nothing; Airflow's own
`airflow jobs check` takes some four seconds of a core each time.
"""

from __future__ import annotations

import sys

from pipeline.supervise.rest import COMPONENTS, AirflowApi


def main() -> int:
    """Look; the exit status."""
    if len(sys.argv) != 3 or sys.argv[2] not in COMPONENTS:
        sys.stderr.write(f"usage: {sys.argv[0]} ADDRESS {'|'.join(COMPONENTS)}\n")
        return 2
    _, address, component = sys.argv
    status = AirflowApi(address, user="", password="").health().get(component, "unknown: no answer")
    if status == "healthy":
        return 0
    sys.stdout.write(f"{component} is {status}\n")
    return 3


if __name__ == "__main__":
    sys.exit(main())
