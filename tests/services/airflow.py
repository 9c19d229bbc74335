"""What tests ask of a running Airflow, and the product never does."""

from __future__ import annotations

from pipeline.supervise.rest import AirflowApi


def run_ids(api: AirflowApi, dag_id: str) -> list[str]:
    """The newest runs of a DAG, newest first."""
    answer = api._signed_in("GET", f"/api/v2/dags/{dag_id}/dagRuns?order_by=-run_after&limit=100")
    return [run["dag_run_id"] for run in answer["dag_runs"]]
