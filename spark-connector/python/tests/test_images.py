"""PNG files become a model's input."""

import struct
import zlib

import numpy as np
import pyarrow as pa
import pytest
from bits import bits
from conftest import data, model
from py4j.protocol import Py4JJavaError
from pyarrow import parquet
from pyspark.errors import AnalysisException, PySparkException
from pyspark.sql import SparkSession

from spark_onnx import onnx_image, onnx_predict, try_onnx_image

GRAY, COLOR = 0, 2
MEAN = [0.485, 0.456, 0.406]
STD = [0.229, 0.224, 0.225]
RANDOM = np.random.default_rng(5).integers(0, 256, (5, 7, 3), np.uint8)


def png(samples: np.ndarray, kind: int) -> bytes:
    """A file of 8-bit samples [height, width, channels]."""
    height, width, _ = samples.shape
    lines = b"".join(b"\0" + line.tobytes() for line in samples)
    header = struct.pack(">2I5B", width, height, 8, kind, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(lines)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


@pytest.mark.parametrize(("layout", "axes"), [("NCHW", (2, 0, 1)), ("NHWC", (0, 1, 2))])
def test_samples_are_normalized_in_the_layout(
    spark: SparkSession, layout: str, axes: tuple[int, int, int]
) -> None:
    images = spark.createDataFrame([(bytearray(png(RANDOM, COLOR)),)], "content binary")
    column = images.select(onnx_image("content", 5, 7, layout, MEAN, STD).alias("input"))
    assert column.schema["input"].dataType.simpleString() == "array<float>"
    ((elements,),) = column.collect()
    expected = ((RANDOM / 255 - MEAN) / STD).transpose(axes).astype(np.float32)
    assert elements == expected.ravel().tolist()


def test_images_of_the_digits_score_as_their_arrays(
    spark: SparkSession, java_scores: dict[str, pa.Table]
) -> None:
    """Ink is a sixteenth of its whole number, which the file holds."""
    rows = parquet.read_table(data("digits"), columns=["id", "image"]).to_pylist()
    inks = [np.array(row["image"]).reshape(8, 8, 1) * 16 for row in rows]
    files = [bytearray(png(ink.astype(np.uint8), GRAY)) for ink in inks]
    images = spark.createDataFrame(
        [(row["id"], file) for row, file in zip(rows, files, strict=True)],
        "id bigint, content binary",
    )
    pixels = onnx_image(images["content"], 8, 8, "NCHW", [0], [16 / 255])
    prediction = onnx_predict(model("digits"), pixels).alias("prediction")
    scored = images.select("id", prediction).toArrow().sort_by("id")
    assert scored["id"].to_pylist() == java_scores["digits"]["id"].to_pylist()
    assert bits(scored["prediction"]) == bits(java_scores["digits"]["prediction"])


def test_an_image_that_does_not_decode(spark: SparkSession) -> None:
    files = [(1, bytearray(png(RANDOM, COLOR))), (2, bytearray(b"no image"))]
    images = spark.createDataFrame(files, "id int, content binary")
    with pytest.raises((PySparkException, Py4JJavaError), match="8 bytes are in no format"):
        images.select(onnx_image("content", 5, 7, "NCHW", MEAN, STD)).collect()
    tried = try_onnx_image("content", 5, 7, "NCHW", MEAN, STD).isNull().alias("bad")
    assert sorted(images.select("id", tried).collect()) == [(1, False), (2, True)]


def test_wrong_arguments_are_refused_at_analysis(spark: SparkSession) -> None:
    images = spark.createDataFrame([(bytearray(b""),)], "content binary")
    with pytest.raises(AnalysisException, match="mean has 1 numbers and std 3"):
        _ = images.select(onnx_image("content", 5, 7, "NCHW", [0.5], STD)).schema
