"""Vectors of Spark ML are rows of a model's input [N, F]."""

from collections.abc import Callable

import pyarrow as pa
import pytest
from bits import bits
from conftest import data, features, model
from py4j.protocol import Py4JJavaError
from pyarrow import parquet
from pyspark.errors import PySparkException
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.linalg import Vector, Vectors, VectorUDT
from pyspark.sql import SparkSession
from pyspark.sql.types import ArrayType, DoubleType, LongType, StructType

from spark_onnx import onnx_predict, try_onnx_predict

MODEL = model("breast_cancer")
NAMES = features(data("breast_cancer"))


def dense(row: int, values: list[float]) -> Vector:
    """All values."""
    return Vectors.dense(values)


def sparse(row: int, values: list[float]) -> Vector:
    """The values that are not 0."""
    return Vectors.sparse(len(values), {i: value for i, value in enumerate(values) if value})


def either(row: int, values: list[float]) -> Vector:
    """Both kinds in one column."""
    return (dense if row % 2 else sparse)(row, values)


def halved() -> list[list[float]]:
    """Rows whose values are 0 at every other position, from the first on or from the second."""
    columns = parquet.read_table(data("breast_cancer"), columns=NAMES).to_pydict().values()
    rows = enumerate(zip(*columns, strict=True))
    return [[0.0 if (row + i) % 2 else value for i, value in enumerate(v)] for row, v in rows]


@pytest.mark.parametrize("vector", [dense, sparse, either])
def test_vectors_score_as_arrays_do(
    spark: SparkSession, vector: Callable[[int, list[float]], Vector]
) -> None:
    schema = StructType().add("id", LongType()).add("vector", VectorUDT())
    schema.add("array", ArrayType(DoubleType()))
    rows = [(i, vector(i, values), values) for i, values in enumerate(halved())]
    given = spark.createDataFrame(rows, schema)
    calls = [onnx_predict(MODEL, name).alias(name) for name in ("vector", "array")]
    scored = given.select("id", *calls).toArrow().sort_by("id")
    assert len(scored) == len(rows)
    assert bits(scored["vector"]) == bits(scored["array"])


def test_assembled_columns(spark: SparkSession, java_scores: dict[str, pa.Table]) -> None:
    assembled = VectorAssembler(inputCols=NAMES, outputCol="features").transform(
        spark.read.parquet(data("breast_cancer"))
    )
    scored = assembled.select("id", onnx_predict(MODEL, "features").alias("prediction"))
    table = scored.toArrow().sort_by("id")
    expected = java_scores["breast_cancer"]
    assert table["id"].to_pylist() == expected["id"].to_pylist()
    assert bits(table["prediction"]) == bits(expected["prediction"])


@pytest.mark.parametrize("vector", [dense, sparse])
def test_a_vector_of_another_size_is_a_bad_row(
    spark: SparkSession, vector: Callable[[int, list[float]], Vector]
) -> None:
    schema = StructType().add("id", LongType()).add("vector", VectorUDT())
    rows = spark.createDataFrame([(n, vector(0, [0.5] * n)) for n in (30, 29)], schema)
    kinds = (PySparkException, Py4JJavaError)
    with pytest.raises(kinds, match="column vector has 29 elements where a row takes 30"):
        rows.select(onnx_predict(MODEL, "vector")).collect()
    scored = rows.select("id", try_onnx_predict(MODEL, "vector").isNull().alias("bad"))
    assert sorted(scored.collect()) == [(29, True), (30, False)]
