"""How far queries are, by the web UI of a session of its own."""

import io
import os
import subprocess
import sys
from pathlib import Path

from conftest import ON_THIS_HOST, ROOT, data, model

from spark_onnx import _progress

QUERY = """
from pyspark.sql import SparkSession
from spark_onnx import onnx_predict, progress

spark = SparkSession.builder.getOrCreate()
digits = spark.read.parquet("file:{data}")
digits.count()
with progress(spark, 500) as watched:
    scored = digits.select(onnx_predict("file:{model}", "image"))
    scored.write.format("noop").mode("overwrite").save()
print("WORK", watched.work.rows, watched.work.tasks == watched.work.all_tasks, watched.work.running)
"""


def work(**changes: object) -> _progress.Work:
    values = {"rows": 500, "expected": 2_000, "tasks": 1, "all_tasks": 2, "seconds": 10.0}
    return _progress.Work(**(values | {"running": True} | changes))


def test_the_rows_of_a_block_are_counted(jar: Path) -> None:
    arguments = f"--master local[2] --conf spark.ui.port=0 --jars {jar} pyspark-shell"
    # Without what clients of Spark Connect among the other tests leave there.
    environment = {name: value for name, value in os.environ.items() if "SPARK" not in name}
    environment |= ON_THIS_HOST | {"PYSPARK_SUBMIT_ARGS": arguments}
    environment["PYTHONPATH"] = str(ROOT / "spark-connector" / "python" / "src")
    program = QUERY.format(data=data("digits"), model=model("digits"))
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180)
    assert "WORK 500 True False" in run.stdout, run.stderr[-2000:]


def test_the_time_left_follows_from_the_rows() -> None:
    assert work().text() == "500 rows, 50 rows/s, 30 s left"


def test_the_time_left_follows_from_tasks_where_nobody_knows_the_rows() -> None:
    assert work(expected=None).text() == "500 rows, 50 rows/s, 10 s left"


def test_in_the_end_the_time_is_told() -> None:
    done = work(rows=2_000, seconds=125.0, running=False)
    assert done.text() == "2,000 rows, 16 rows/s, 2:05 min"


def test_a_terminal_keeps_one_line() -> None:
    stream = io.StringIO()
    display = _progress._Terminal(stream)
    display.show(work(rows=2_000, expected=4_000))
    display.show(work())
    display.end()
    first, second = stream.getvalue().split("\r")[1:]
    assert first == " 50 %  2,000 rows, 200 rows/s, 10 s left"
    assert second == " 25 %  500 rows, 50 rows/s, 30 s left".ljust(len(first)) + "\n"
