"""Scores each day's customers once. A task that is tried again, or cleared, does no run twice."""

from datetime import datetime, timedelta

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import DAG

with DAG(
    dag_id="churn_scoring",
    schedule="@daily",
    start_date=datetime(2026, 11, 1),
    catchup=True,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=10)},
):
    SparkSubmitOperator(
        task_id="score",
        conn_id="spark_default",
        name="churn-scoring-{{ ds }}",
        application="/opt/spark-onnx/spark-onnx_2.13.jar",
        java_class="io.sparkonnx.spark.score.ScoreJob",
        application_args=[
            "--job",
            "/etc/spark-onnx/churn.yaml",
            "--run-id",
            "{{ ds }}",
            "--time-column",
            "updated",
            "--since",
            "{{ data_interval_start | ds }}",
            "--as-of",
            "{{ data_interval_end | ds }}",
        ],
    )
