"""Scores in classic PySpark and over Spark Connect are the bits that Java gives."""

import hashlib
import re
from pathlib import Path

import pyarrow as pa
import pytest
from bits import bits
from conftest import data, features, model
from py4j.protocol import Py4JJavaError
from pyarrow.compute import is_in
from pyspark.errors import AnalysisException, PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import call_function, col, lit, named_struct

from spark_onnx import onnx_predict, try_onnx_predict

DIGITS = model("digits")


def assert_same_bits(scored: DataFrame, expected: pa.Table) -> None:
    """Compare ids and predictions with what Java wrote."""
    table = scored.select("id", "prediction").toArrow().sort_by("id")
    assert table["id"].to_pylist() == expected["id"].to_pylist()
    assert bits(table["prediction"]) == bits(expected["prediction"])


def sha256_of(file: Path) -> str:
    """Hash of a file's bytes."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.fixture
def digits(spark: SparkSession) -> DataFrame:
    """Rows of the digits model."""
    return spark.read.parquet(data("digits"))


def test_a_column_by_name(digits: DataFrame, java_scores: dict[str, pa.Table]) -> None:
    scored = digits.withColumn("prediction", onnx_predict(DIGITS, "image"))
    assert_same_bits(scored, java_scores["digits"])


def test_thirty_columns_give_a_struct(
    spark: SparkSession, java_scores: dict[str, pa.Table]
) -> None:
    rows = spark.read.parquet(data("breast_cancer"))
    names = features(data("breast_cancer"))
    scored = rows.withColumn("prediction", onnx_predict(model("breast_cancer"), *names))
    kind = scored.schema["prediction"].dataType.simpleString()
    assert kind == "struct<label:bigint,probabilities:array<float>>"
    assert_same_bits(scored, java_scores["breast_cancer"])


def test_a_struct_binds_by_names(digits: DataFrame, java_scores: dict[str, pa.Table]) -> None:
    named = named_struct(lit("image"), col("image"))
    scored = digits.withColumn("prediction", onnx_predict(DIGITS, named))
    assert_same_bits(scored, java_scores["digits"])


def test_without_the_module(digits: DataFrame, java_scores: dict[str, pa.Table]) -> None:
    call = call_function("onnx_predict", lit(DIGITS), "image")
    assert_same_bits(digits.withColumn("prediction", call), java_scores["digits"])


def test_sql(spark: SparkSession, digits: DataFrame, java_scores: dict[str, pa.Table]) -> None:
    digits.createOrReplaceTempView("digits")
    scored = spark.sql(
        "SELECT id, onnx_predict(:model, image) AS prediction FROM digits", {"model": DIGITS}
    )
    assert_same_bits(scored, java_scores["digits"])


def test_rows_of_the_client(spark: SparkSession, java_scores: dict[str, pa.Table]) -> None:
    rows = spark.read.parquet(data("digits")).select("id", "image").limit(5).toArrow()
    scored = spark.createDataFrame(rows).withColumn("prediction", onnx_predict(DIGITS, "image"))
    ids = pa.array(rows["id"].combine_chunks())
    expected = java_scores["digits"]
    assert_same_bits(scored, expected.filter(is_in(expected["id"], value_set=ids)))


def test_scores_in_a_condition(digits: DataFrame) -> None:
    assert digits.where(onnx_predict(DIGITS, "image")[9] > 0.5).count() in range(40, 60)


def test_the_hash_of_the_model_is_its_identity(
    digits: DataFrame, java_scores: dict[str, pa.Table]
) -> None:
    pinned = onnx_predict(DIGITS, "image", sha256=sha256_of(Path(DIGITS)))
    scored = digits.withColumn("prediction", pinned)
    assert_same_bits(scored, java_scores["digits"])


def test_a_setting_gives_a_model_a_short_name(
    spark: SparkSession, digits: DataFrame, java_scores: dict[str, pa.Table]
) -> None:
    spark.sql(f"SET spark.onnx.model.numerals={DIGITS}@sha256:{sha256_of(Path(DIGITS))}")
    scored = digits.withColumn("prediction", onnx_predict("numerals", "image"))
    assert_same_bits(scored, java_scores["digits"])
    spark.conf.unset("spark.onnx.model.numerals")
    with pytest.raises(AnalysisException, match=r"spark\.onnx\.model\.numerals is not set"):
        _ = digits.select(onnx_predict("numerals", "image")).schema


def test_another_hash_is_refused(digits: DataFrame) -> None:
    with pytest.raises(AnalysisException, match=f"but {'0' * 64} is asked for"):
        _ = digits.select(onnx_predict(DIGITS, "image", sha256="0" * 64)).schema


def test_what_the_model_does_not_take_is_refused_at_analysis(digits: DataFrame) -> None:
    with pytest.raises(AnalysisException) as refused:
        _ = digits.select(onnx_predict(DIGITS, "id")).schema
    assert refused.value.getCondition() == "ONNX_ARGUMENT_TYPE"
    assert refused.value.getSqlState() == "42K09"
    assert "argument id for input image is one value, but a row takes" in str(refused.value)
    assert "the model takes image: float [batch, 1, 8, 8]" in str(refused.value)


def test_a_missing_model_is_refused_at_analysis(digits: DataFrame) -> None:
    missing = str(Path(DIGITS).with_name("nowhere.onnx"))
    with pytest.raises(AnalysisException, match=rf"model {re.escape(missing)} does not exist"):
        _ = digits.select(onnx_predict(missing, "image")).schema


def test_a_bad_row_fails_the_query_and_is_named(spark: SparkSession) -> None:
    rows = spark.createDataFrame([(1, [0.5] * 64), (2, [0.5] * 63)], "id int, image array<float>")
    kinds = (PySparkException, Py4JJavaError)
    with pytest.raises(kinds, match="column image has 63 elements where a row takes 64"):
        rows.select(onnx_predict(DIGITS, "image")).collect()


def test_a_bad_row_is_null_where_it_may_be(
    spark: SparkSession, digits: DataFrame, java_scores: dict[str, pa.Table]
) -> None:
    whole = digits.withColumn("prediction", try_onnx_predict(DIGITS, "image"))
    assert_same_bits(whole, java_scores["digits"])
    rows = spark.createDataFrame([(1, [0.5] * 64), (2, [0.5] * 63)], "id int, image array<float>")
    scored = rows.select("id", try_onnx_predict(DIGITS, "image").isNull().alias("bad"))
    assert sorted(scored.collect()) == [(1, False), (2, True)]


def test_options_are_given_by_name(spark: SparkSession, java_scores: dict[str, pa.Table]) -> None:
    rows = spark.read.parquet(data("breast_cancer"))
    names = features(data("breast_cancer"))
    labels = onnx_predict(model("breast_cancer"), *names, outputs="label", batch_size=7)
    several = onnx_predict(
        model("breast_cancer"), *names, outputs=["label", "probabilities"], nan_for_null=True
    )
    assert rows.select(labels).schema[0].dataType.simpleString() == "bigint"
    assert_same_bits(rows.withColumn("prediction", several), java_scores["breast_cancer"])


def test_a_wrong_option_is_refused_at_analysis(digits: DataFrame) -> None:
    with pytest.raises(AnalysisException) as refused:
        _ = digits.select(onnx_predict(DIGITS, "image", batch_size=0)).schema
    assert refused.value.getCondition() == "ONNX_OPTIONS"


def test_a_model_store_is_a_table(spark: SparkSession) -> None:
    models = spark.read.format("onnx").load(str(Path(DIGITS).parent))
    rows = models.orderBy("path").select("sha256", "inputs.name", "flops_per_row").collect()
    files = sorted(Path(DIGITS).parent.glob("*.onnx"))
    assert [row.sha256 for row in rows] == [sha256_of(file) for file in files]
    assert [row.name for row in rows] == [["features"], ["image"]]
    assert [row.flops_per_row for row in rows] == [2, 1_239_400]
