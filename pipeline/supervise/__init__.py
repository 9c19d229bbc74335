"""
Airflow on one machine without Docker: its parts supervised one by one, on loopback only.

    python -m pipeline.supervise              runs until it is told to stop (`make run`)
    with supervised_airflow(home) as stack:   the same for the demo and the tests

supervisord keeps the API server, the scheduler, the DAG processor and a janitor running, and starts
again whichever dies; `airflow standalone` would leave a dead scheduler dead. There is no triggerer:
none of our tasks defers. Airflow is never imported here, only its command is run.
"""

from pipeline.supervise.stack import Stack, supervised_airflow

__all__ = ["Stack", "supervised_airflow"]
