"""Each program of Spark's full distribution, started with only the jar."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pyarrow as pa
import pytest
from bits import bits
from conftest import ON_THIS_HOST, SPARK_BIN, data, model, scores_of

LIMIT_SECONDS = 240
# The option makes Python interactive, and so run Spark's start-up file, without a terminal.
THIS_PYTHON = {"PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON_OPTS": "-i"}


def start(program: str, *arguments: str | Path, folder: Path, typed: str = "") -> str:
    """Run a program of the distribution in a folder and return what it printed."""
    command = [str(SPARK_BIN / program), "--master", "local[2]"]
    command += ["--conf", "spark.ui.enabled=false", *map(str, arguments)]
    ended = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | ON_THIS_HOST | THIS_PYTHON,
        input=textwrap.dedent(typed),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT_SECONDS,
    )
    assert ended.returncode == 0, ended.stdout
    return ended.stdout


@pytest.fixture
def expected(java_scores: dict[str, pa.Table]) -> pa.Table:
    """The digits model's scores by the Java scoring job."""
    return java_scores["digits"]


def assert_wrote(printed: str, folder: Path, expected: pa.Table) -> None:
    """Compare a written folder with the expected scores."""
    assert folder.is_dir(), printed
    written = scores_of(folder)
    assert written["id"].to_pylist() == expected["id"].to_pylist()
    assert bits(written["prediction"]) == bits(expected["prediction"])


def test_the_jar_is_small(jar: Path) -> None:
    assert jar.stat().st_size < 6_000_000


def test_spark_sql(jar: Path, tmp_path: Path, expected: pa.Table) -> None:
    query = f"""
        INSERT OVERWRITE DIRECTORY '{tmp_path}/scores' USING parquet
        SELECT id, onnx_predict('{model("digits")}', image) AS prediction
        FROM parquet.`{data("digits")}`"""
    printed = start("spark-sql", "--jars", jar, "-e", query, folder=tmp_path)
    assert_wrote(printed, tmp_path / "scores", expected)


def test_spark_shell(jar: Path, tmp_path: Path, expected: pa.Table) -> None:
    typed = f"""
        import io.sparkonnx.spark.OnnxModel
        import io.sparkonnx.spark.functions.onnxPredict
        val rows = spark.read.parquet("{data("digits")}")
        val scored = rows.withColumn("prediction", onnxPredict("{model("digits")}", $"image"))
        scored.write.parquet("{tmp_path}/scores")
        val cells = spark.read.parquet("{data("breast_cancer")}")
        val features = cells.drop("id", "label", "diagnosis").columns.toSeq.map(cells(_))
        val handle = OnnxModel.load("{model("breast_cancer")}")
        val right = cells.where(onnxPredict(handle, features: _*).getField("label") === $"label")
        println("right: " + right.count())
        """
    printed = start("spark-shell", "--jars", jar, folder=tmp_path, typed=typed)
    assert_wrote(printed, tmp_path / "scores", expected)
    assert "right: 167" in printed


def test_pyspark(jar: Path, tmp_path: Path, expected: pa.Table) -> None:
    typed = f"""
        import spark_onnx
        print("module:", spark_onnx.__file__)
        prediction = spark_onnx.onnx_predict("{model("digits")}", "image")
        scored = spark.read.parquet("{data("digits")}").withColumn("prediction", prediction)
        scored.write.parquet("{tmp_path}/scores")
        """
    printed = start("pyspark", "--jars", jar, "--py-files", jar, folder=tmp_path, typed=typed)
    assert_wrote(printed, tmp_path / "scores", expected)
    assert f"{jar.name}/spark_onnx/__init__.py" in printed


def test_spark_submit(jar: Path, tmp_path: Path, expected: pa.Table) -> None:
    application = application_jar(jar, tmp_path)
    arguments = [model("digits"), data("digits"), tmp_path / "scores"]
    printed = start(
        "spark-submit", "--jars", jar, "--class", "Score", application, *arguments, folder=tmp_path
    )
    assert_wrote(printed, tmp_path / "scores", expected)


def application_jar(jar: Path, folder: Path) -> Path:
    """A compiled application that has the jar only at run time."""
    source = """
        import static io.sparkonnx.spark.functions.onnxPredict;
        import static org.apache.spark.sql.functions.col;
        import org.apache.spark.sql.SparkSession;

        public class Score {
          public static void main(String[] arguments) {
            SparkSession spark = SparkSession.builder().getOrCreate();
            spark
                .read()
                .parquet(arguments[1])
                .withColumn("prediction", onnxPredict(arguments[0], col("image")))
                .write()
                .parquet(arguments[2]);
            spark.stop();
          }
        }
        """
    (folder / "Score.java").write_text(textwrap.dedent(source))
    classpath = f"{jar}:{SPARK_BIN.parent / 'jars'}/*"
    home = os.environ.get("JAVA_HOME")
    tools = f"{home}/bin/" if home else ""
    for tool in (
        ["javac", "-proc:none", "-cp", classpath, "Score.java"],
        ["jar", "--create", "--file", "score.jar", "Score.class"],
    ):
        subprocess.run([tools + tool[0], *tool[1:]], cwd=folder, check=True, timeout=120)
    return folder / "score.jar"
