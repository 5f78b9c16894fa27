"""ONNX models as columns of PySpark and Spark Connect data frames.

The jar of spark-onnx has to be on the classpath of the session, or of the Connect server; this
module only writes calls of the SQL functions that the jar registers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypedDict

from pyspark.sql import SparkSession
from pyspark.sql.functions import call_function, lit, named_struct

from spark_onnx._progress import progress

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyspark.sql import Column, Row
    from typing_extensions import Unpack

__all__ = [
    "ModelCard",
    "Options",
    "model_card",
    "onnx_image",
    "onnx_predict",
    "progress",
    "try_onnx_image",
    "try_onnx_predict",
]


class Options(TypedDict, total=False):
    """What a call can be told; checked when the query is analysed.

    Attributes
    ----------
    batch_size
        rows of one run at most, instead of ``spark.onnx.batchSize``
    outputs
        the name of one output, or names of several: these, in this order
    nan_for_null
        whether NULL becomes NaN in inputs of floating-point numbers, instead of
        ``spark.onnx.nanForNull``
    batch_coupled
        whether a model is allowed whose rows influence each other
    padding
        ``mask`` to pad sequences of different lengths under the model's mask, or ``none``, instead
        of ``spark.onnx.padding``
    with_errors
        whether ``try_onnx_predict`` gives a struct of ``result`` and ``error``
    device
        ``cpu``, ``gpu`` or ``auto``, instead of ``spark.onnx.device``
    threads
        threads of one task, at most its cores, which are the default

    """

    batch_size: int
    outputs: str | list[str]
    nan_for_null: bool
    batch_coupled: bool
    padding: str
    with_errors: bool
    device: str
    threads: int


def onnx_predict(
    model: str, *inputs: Column | str, sha256: str | None = None, **options: Unpack[Options]
) -> Column:
    """Return the model's output for each row.

    Parameters
    ----------
    model
        the model's path or URI for Hadoop's file systems, as the driver sees it
    inputs
        columns or names of columns: the model's inputs in its order; or one struct whose fields
        carry the inputs' names; or, for a model with one input [N, F], F numeric columns
    sha256
        the hash that the model's bytes must have, in lower-case hexadecimal; without it any will do
    options
        as `Options` describes them

    Returns
    -------
    Column
        the output; a struct of all outputs where there are several

    Raises
    ------
    pyspark.errors.AnalysisException
        when a data frame with the column is analysed, if the model cannot be read, does not take
        these inputs, or an option is wrong

    Examples
    --------
    >>> df.withColumn("score", onnx_predict("hdfs:///models/churn.onnx", "age", "income"))

    """
    return _call("onnx_predict", model, inputs, sha256, options)


def try_onnx_predict(
    model: str, *inputs: Column | str, sha256: str | None = None, **options: Unpack[Options]
) -> Column:
    """Return what `onnx_predict` does, but NULL for a row that the model cannot take."""
    return _call("try_onnx_predict", model, inputs, sha256, options)


def onnx_image(
    image: Column | str,
    height: int,
    width: int,
    layout: Literal["NCHW", "NHWC"],
    mean: Iterable[float],
    std: Iterable[float],
) -> Column:
    """Return each image as an array of floats that a model takes.

    Parameters
    ----------
    image
        the bytes of PNG, JPEG, GIF or BMP files, or structs of Spark's image source
    height, width
        pixels that each image is resized to, bilinearly and without regard to the ratio
    layout
        ``NCHW`` for one plane after the other, ``NHWC`` for the channels of a pixel
    mean, std
        one number for gray, three for red, green, blue; an element is (sample / 255 - mean) / std

    Returns
    -------
    Column
        channels · height · width elements; an image that does not decode fails the query

    Raises
    ------
    pyspark.errors.AnalysisException
        when a data frame with the column is analysed, if an argument is wrong

    Examples
    --------
    >>> mean, std = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
    >>> pixels = onnx_image("content", 224, 224, "NCHW", mean, std)
    >>> df.withColumn("score", onnx_predict("hdfs:///models/resnet.onnx", pixels))

    """
    return _image("onnx_image", image, height, width, layout, mean, std)


def try_onnx_image(
    image: Column | str,
    height: int,
    width: int,
    layout: Literal["NCHW", "NHWC"],
    mean: Iterable[float],
    std: Iterable[float],
) -> Column:
    """Return what `onnx_image` does, but NULL for an image that does not decode."""
    return _image("try_onnx_image", image, height, width, layout, mean, std)


@dataclass(frozen=True)
class ModelCard:
    """What a model takes, gives and is; a notebook shows it with a drawing of the graph.

    Attributes
    ----------
    path
        qualified path of the file
    sha256
        hash of the file's bytes, in lower-case hexadecimal
    inputs, outputs
        name and type of each
    html
        the card as an element of a page; needs nothing but what it contains

    """

    path: str
    sha256: str
    inputs: list[str]
    outputs: list[str]
    html: str = field(repr=False)

    def _repr_html_(self) -> str:
        return self.html


def model_card(path: str) -> ModelCard:
    """Return the card of a model, read in the active session.

    Parameters
    ----------
    path
        the model's path or URI for Hadoop's file systems, as the executors see it

    Raises
    ------
    ValueError
        if the file is no model that can be run, with the reason

    Examples
    --------
    >>> model_card("hdfs:///models/churn.onnx")

    """
    store = SparkSession.active().read.format("onnx").load(path)
    rows = store.select("path", "sha256", "inputs", "outputs", "problems", "_card").collect()
    if len(rows) != 1:
        message = f"{path} has {len(rows)} models, expected one"
        raise ValueError(message)
    (row,) = rows
    if row["_card"] is None:
        raise ValueError("; ".join(row["problems"]))
    inputs = [_port(port) for port in row["inputs"]]
    outputs = [_port(port) for port in row["outputs"]]
    return ModelCard(row["path"], row["sha256"], inputs, outputs, row["_card"])


def _port(port: Row) -> str:
    shape = "" if port["shape"] is None else "[" + ", ".join(port["shape"]) + "]"
    return f"{port['name']}: {port['type']}{shape}"


def _image(
    function: str,
    image: Column | str,
    height: int,
    width: int,
    layout: str,
    mean: Iterable[float],
    std: Iterable[float],
) -> Column:
    channels = (lit([float(number) for number in numbers]) for numbers in (mean, std))
    return call_function(function, image, lit(height), lit(width), lit(layout), *channels)


def _call(
    function: str,
    model: str,
    inputs: tuple[Column | str, ...],
    sha256: str | None,
    options: Options,
) -> Column:
    reference = lit(model) if sha256 is None else _struct({"path": model, "sha256": sha256})
    said = [_struct(options)] if options else []
    return call_function(function, reference, *inputs, *said)


def _struct(fields: Options | dict[str, str]) -> Column:
    return named_struct(*(lit(value) for field in fields.items() for value in field))
