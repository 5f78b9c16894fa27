"""Each program of Spark's full distribution, started with only the jar."""

import os
import re
import subprocess
import textwrap
from pathlib import Path

import pyarrow as pa
import pytest
from bits import bits
from conftest import SPARK_HOME, data, model, scores_of
from programs import LIMIT_SECONDS, start

SPARK_JARS = SPARK_HOME / "jars"


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
    application = application_jar(SUBMITTED, [jar, SPARK_JARS / "*"], tmp_path)
    arguments = [model("digits"), data("digits"), tmp_path / "scores"]
    printed = start(
        "spark-submit", "--jars", jar, "--class", "Score", application, *arguments, folder=tmp_path
    )
    assert_wrote(printed, tmp_path / "scores", expected)


SUBMITTED = """
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


def application_jar(source: str, classpath: list[Path], folder: Path) -> Path:
    """A jar of a compiled class Score."""
    (folder / "Score.java").write_text(textwrap.dedent(source))
    for name, *arguments in (
        ["javac", "-proc:none", "-cp", joined(classpath), "Score.java"],
        ["jar", "--create", "--file", "score.jar", "Score.class"],
    ):
        subprocess.run([java_tool(name), *arguments], cwd=folder, check=True, timeout=120)
    return folder / "score.jar"


def joined(classpath: list[Path]) -> str:
    """A class path as Java takes it."""
    return ":".join(map(str, classpath))


def java_tool(name: str) -> str:
    """Path of a program of the JDK."""
    home = os.environ.get("JAVA_HOME")
    return f"{home}/bin/{name}" if home else name


CONNECTED = """
    import static io.sparkonnx.spark.functions.onnxPredict;
    import static io.sparkonnx.spark.functions.tryOnnxPredict;
    import static org.apache.spark.sql.functions.call_function;
    import static org.apache.spark.sql.functions.col;
    import static org.apache.spark.sql.functions.lit;
    import io.sparkonnx.spark.OnnxOptions;
    import org.apache.spark.sql.Column;
    import org.apache.spark.sql.Dataset;
    import org.apache.spark.sql.Row;
    import org.apache.spark.sql.SparkSession;

    public class Score {
      public static void main(String[] arguments) {
        SparkSession spark = SparkSession.builder().remote(arguments[0]).getOrCreate();
        String model = arguments[1];
        Dataset<Row> rows = spark.read().parquet(arguments[2]);
        Column image = col("image");
        Column[] calls = {
          call_function("onnx_predict", lit(model), image),
          onnxPredict(model, image),
          tryOnnxPredict(model, OnnxOptions.NONE.batchSize(7), image)
        };
        for (int i = 0; i < calls.length; i++) {
          Dataset<Row> scored = rows.withColumn("prediction", calls[i]);
          System.out.println("rows: " + scored.select("prediction").collectAsList().size());
          scored.write().parquet(arguments[3] + i);
        }
        try {
          rows.select(onnxPredict(model, col("id"))).schema();
        } catch (Exception e) {
          System.out.println("refused: " + e);
        }
        spark.stop();
      }
    }
    """


def test_a_connect_client_of_the_jvm(
    jar: Path, connect_address: str, tmp_path: Path, expected: pa.Table
) -> None:
    """The client has Spark's interfaces and its own classes, and none of a classic session."""
    classic = re.compile(r"spark-(sql|catalyst|connect|hive|mllib|streaming|repl|graphx)_.*")
    (client,) = SPARK_JARS.glob("connect-repl/spark-connect-client-jvm_*.jar")
    rest = [file for file in SPARK_JARS.glob("*.jar") if not classic.match(file.name)]
    classpath = [client, *rest, jar]
    application = application_jar(CONNECTED, classpath, tmp_path)
    command = [java_tool("java"), "--add-opens=java.base/java.nio=ALL-UNNAMED"]
    command += ["-cp", joined([application, *classpath]), "Score", f"sc://{connect_address}"]
    command += [model("digits"), data("digits"), str(tmp_path / "scores")]
    ended = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=LIMIT_SECONDS
    )
    assert ended.returncode == 0, ended.stdout
    assert ended.stdout.count(f"rows: {len(expected)}") == 3, ended.stdout
    assert re.search("refused: .*ONNX_ARGUMENT_TYPE", ended.stdout), ended.stdout
    for i in range(3):
        assert_wrote(ended.stdout, tmp_path / f"scores{i}", expected)
