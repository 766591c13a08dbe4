"""Sextant's nightly refresh as an Airflow DAG (Airflow 2.9 or newer). Copy this file into the DAG folder."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from airflow import DAG
from airflow.operators.bash import BashOperator

# Exit codes: 0 published or kept; 4 another run is using the warehouse; 5 too little evidence; 6 the storage failed (a retry may succeed).
# Codes 4 and 5 are not failures: the task is skipped.
REFRESH = (
    "/opt/sextant/bin/sextant refresh --warehouse /srv/sextant/warehouse --model sextant-128x8"
    " --cluster 4x8-h200 --slots 128 --input /srv/sextant/dumps --engine sglang --as-of {{ data_interval_end | ds }}"
    "; code=$?; case $code in 4|5) exit 99;; *) exit $code;; esac"
)

with DAG(
    dag_id="sextant_refresh",
    description="Plan expert placement from yesterday's traces; publish it if that is worth it",
    schedule="30 2 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    tags=["sextant"],
) as dag:
    BashOperator(
        task_id="refresh",
        bash_command=REFRESH,
        skip_on_exit_code=99,
        retries=2,
        retry_delay=timedelta(minutes=15),
        execution_timeout=timedelta(hours=4),
    )
