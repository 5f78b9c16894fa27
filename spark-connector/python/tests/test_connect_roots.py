"""What a Connect server takes models from when its application allows no folders."""

import re
from pathlib import Path

import pyarrow as pa
import pytest
from bits import bits
from conftest import data, model
from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession

from spark_onnx import onnx_predict

pytestmark = pytest.mark.parametrize("spark", ["connect_without_roots"], indirect=True)

DIGITS = model("digits")
ALLOW = "unless the application's spark.onnx.model.roots allows it"


def refusal(spark: SparkSession, name: str) -> str:
    """What the server says when a query asks for a model."""
    rows = spark.read.parquet(data("digits"))
    with pytest.raises(AnalysisException) as refused:
        _ = rows.select(onnx_predict(name, "image")).schema
    assert refused.value.getCondition() == "ONNX_MODEL"
    return str(refused.value)


@pytest.mark.parametrize("name", [DIGITS, f"file:{DIGITS}", "http://127.0.0.1:1/digits.onnx"])
def test_files_and_http_are_refused_and_the_message_says_how_to_allow_them(
    spark: SparkSession, name: str
) -> None:
    scheme = "http" if name.startswith("http") else "file"
    message = f"model {name} cannot be read: a Spark Connect server takes no models from {scheme}:"
    assert f"{message} {ALLOW}" in refusal(spark, name)


def test_a_short_name_does_not_open_files(spark: SparkSession) -> None:
    spark.sql(f"SET spark.onnx.model.churn={DIGITS}")
    assert f"takes no models from file: {ALLOW}" in refusal(spark, "churn")


def test_a_model_store_of_files_is_refused(spark: SparkSession) -> None:
    with pytest.raises(AnalysisException, match=re.escape(f"from file: {ALLOW}")):
        _ = spark.read.format("onnx").load(str(Path(DIGITS).parent)).schema


def test_a_session_cannot_allow_itself_a_folder(spark: SparkSession) -> None:
    with pytest.raises(AnalysisException, match=r"spark\.onnx\.model\.roots"):
        spark.sql(f"SET spark.onnx.model.roots={Path(DIGITS).parent}")
    assert ALLOW in refusal(spark, DIGITS)


def test_a_model_on_the_classpath_is_taken_under_a_short_name(
    spark: SparkSession, java_scores: dict[str, pa.Table]
) -> None:
    spark.sql("SET spark.onnx.model.numerals=classpath:models/digits.onnx")
    prediction = onnx_predict("numerals", "image").alias("prediction")
    rows = spark.read.parquet(data("digits")).select("id", prediction)
    scored = rows.toArrow().sort_by("id")
    assert bits(scored["prediction"]) == bits(java_scores["digits"]["prediction"])
