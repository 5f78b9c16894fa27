"""Scores of a cluster of two executor processes, one of which dies in the middle of the stage."""

from pathlib import Path

import pyarrow as pa
import pytest
from bits import bits
from conftest import SPARK_HOME, data, model
from programs import start
from pyarrow import parquet

FILES = 6
APPLICATION = Path(__file__).with_name("losing_an_executor.py")
SETTINGS = {
    "spark.cores.max": 4,
    "spark.scheduler.minRegisteredResourcesRatio": 1,
    # The parent of a Python worker is then its executor.
    "spark.python.use.daemon": "false",
    # A file a task, and several Arrow batches of each.
    "spark.sql.files.openCostInBytes": "128m",
    "spark.sql.execution.arrow.maxRecordsPerBatch": 8,
}


@pytest.fixture(scope="module")
def folder(jar: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the application ran: scores, killed, and spark with the executors' logs."""
    folder = tmp_path_factory.mktemp("cluster")
    home = folder / "spark"
    home.mkdir()
    for entry in SPARK_HOME.iterdir():
        (home / entry.name).symlink_to(entry)
    rows = parquet.read_table(data("digits"))
    (folder / "rows").mkdir()
    for i in range(FILES):
        first, end = (len(rows) * j // FILES for j in (i, i + 1))
        parquet.write_table(rows.slice(first, end - first), folder / "rows" / f"{i}.parquet")
    settings = [said for item in SETTINGS.items() for said in ("--conf", "=".join(map(str, item)))]
    arguments = [model("digits"), *(folder / name for name in ("rows", "scores", "killed"))]
    arguments = ["--jars", jar, *settings, APPLICATION, *arguments]
    start("spark-submit", *arguments, folder=folder, master="local-cluster[2,2,1024]", home=home)
    return folder


@pytest.fixture
def scores(folder: Path) -> pa.Table:
    """Columns id, prediction, executor and attempt."""
    return parquet.read_table(folder / "scores").sort_by("id")


def test_the_scores_are_those_of_a_local_session(
    scores: pa.Table, java_scores: dict[str, pa.Table]
) -> None:
    expected = java_scores["digits"]
    assert scores["id"].to_pylist() == expected["id"].to_pylist()
    assert bits(scores["prediction"]) == bits(expected["prediction"])


def test_the_tasks_of_the_lost_executor_are_done_again(folder: Path, scores: pa.Table) -> None:
    killed = int((folder / "killed").read_text())
    assert killed not in scores["executor"].to_pylist()
    assert max(scores["attempt"].to_pylist()) > 0


def test_the_tasks_of_an_executor_share_one_load(folder: Path) -> None:
    logs = [log.read_text() for log in folder.glob("spark/work/*/*/stderr")]
    assert 2 <= len(logs) < FILES
    assert max(log.count("Loaded model") for log in logs) == 1
