"""ONNX models as columns of PySpark and Spark Connect data frames.

The jar of spark-onnx has to be on the classpath of the session, or of the Connect server; this
module only writes calls of the SQL functions that the jar registers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from pyspark.sql.functions import call_function, lit, named_struct

if TYPE_CHECKING:
    from pyspark.sql import Column
    from typing_extensions import Unpack

__all__ = ["Options", "onnx_predict", "try_onnx_predict"]


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
    device
        ``auto`` or ``cpu``
    threads
        threads of one task; the engine uses 1

    """

    batch_size: int
    outputs: str | list[str]
    nan_for_null: bool
    batch_coupled: bool
    padding: str
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
