"""The jar, its scores by the Java command line, and sessions of both kinds."""

import os
import re
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyspark
import pytest
from pyarrow import parquet
from pyspark.sql import SparkSession

ROOT = Path(__file__).resolve().parents[3]
DEMO = ROOT / "demo"
SPARK_HOME = Path(pyspark.__file__).parent
MODELS = ("digits", "breast_cancer")
ON_THIS_HOST = {"SPARK_LOCAL_IP": "127.0.0.1"}
CONNECT_MODE = "SPARK_CONNECT_MODE_ENABLED"
SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"


def model(name: str) -> str:
    """Path of a demo model."""
    return str(DEMO / "models" / f"{name}.onnx")


def data(name: str) -> str:
    """Path of a demo model's rows."""
    return str(DEMO / "data" / f"{name}.parquet")


def features(path: str) -> list[str]:
    """Names of the columns that are neither key nor truth."""
    return [n for n in parquet.read_schema(path).names if n not in {"id", "label", "diagnosis"}]


@pytest.fixture(scope="session")
def jar() -> Path:
    """The one jar that users get."""
    target = ROOT / "spark-connector" / "target"
    (jar,) = target.glob("spark-onnx_2.13-*.jar")
    return jar


@pytest.fixture(scope="session")
def java_scores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pa.Table]:
    """What the Java scoring job gives: tables of id and prediction by the demo model's name."""
    folder = tmp_path_factory.mktemp("java")
    scores = {}
    for name in MODELS:
        command = [str(ROOT / "bin" / "spark-onnx"), "score", "--model", model(name)]
        command += ["--input", data(name), "--output", str(folder / name)]
        if name == "breast_cancer":
            command += ["--inputs", "features=" + ",".join(features(data(name)))]
        subprocess.run(command, check=True, timeout=180, env=os.environ | ON_THIS_HOST)
        scores[name] = scores_of(folder / name)
    return scores


def scores_of(folder: Path) -> pa.Table:
    """Ids and predictions from a folder of Parquet files, by id."""
    return parquet.read_table(folder, columns=["id", "prediction"]).sort_by("id")


@pytest.fixture(scope="session", params=["classic", "connect"])
def spark(request: pytest.FixtureRequest, jar: Path) -> Iterator[SparkSession]:
    """A classic session, then a client of a Connect server; only the jar is added to either."""
    if request.param == "classic":
        yield from classic(jar)
    else:
        yield from connect(request.getfixturevalue(f"{request.param}_address"))


def classic(jar: Path) -> Iterator[SparkSession]:
    """A session whose JVM is a child of this process."""
    os.environ |= ON_THIS_HOST
    builder = SparkSession.builder.master("local[2]").config("spark.jars", str(jar))
    session = builder.config("spark.ui.enabled", "false").getOrCreate()
    yield session
    session.stop()


def connect(address: str) -> Iterator[SparkSession]:
    """A client of a server."""
    try:
        session = SparkSession.builder.remote(f"sc://{address}").getOrCreate()
        yield session
        session.stop()
    finally:
        os.environ.pop(CONNECT_MODE, None)


@pytest.fixture(scope="session")
def connect_address(jar: Path) -> Iterator[str]:
    """Host and port of a Connect server that allows the demo's models."""
    yield from serve([jar], ["--conf", f"spark.onnx.model.roots={DEMO / 'models'}"])


@pytest.fixture(scope="session")
def connect_without_roots_address(
    jar: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Host and port of a Connect server that has the digits model on its classpath, in models/."""
    models = tmp_path_factory.mktemp("jars") / "models.jar"
    with zipfile.ZipFile(models, "w") as archive:
        archive.write(model("digits"), "models/digits.onnx")
    yield from serve([jar, models], [])


def serve(jars: list[Path], settings: list[str]) -> Iterator[str]:
    """Run a Connect server on a free port."""
    command = [str(SPARK_HOME / "bin" / "spark-submit"), "--class", SERVER, "--master", "local[2]"]
    command += ["--conf", "spark.ui.enabled=false", "--jars", ",".join(map(str, jars)), *settings]
    command += ["--conf", "spark.connect.grpc.binding.address=127.0.0.1"]
    command += ["--conf", "spark.connect.grpc.binding.port=0", "spark-internal"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=os.environ | ON_THIS_HOST
    ) as server:
        limit = threading.Timer(120, server.kill)
        limit.start()
        try:
            address = address_of(server)
            limit.cancel()
            yield address
        finally:
            limit.cancel()
            server.terminate()


def address_of(server: subprocess.Popen[str]) -> str:
    """Host and port from the server's log, which is read on in the background."""
    log = []
    for line in server.stderr:
        log.append(line)
        started = re.search(r"Spark Connect server started at: (\S+)", line)
        if started:
            threading.Thread(target=server.stderr.read, daemon=True).start()
            return started.group(1)
    pytest.fail("the Connect server did not start:\n" + "".join(log[-40:]))
