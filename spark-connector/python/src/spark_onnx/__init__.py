"""ONNX models as columns of PySpark and Spark Connect data frames.

The jar of spark-onnx has to be on the classpath of the session, or of the Connect server; this
module only writes calls of the SQL function that the jar registers.
"""

from pyspark.sql import Column
from pyspark.sql.functions import call_function, lit, named_struct

__all__ = ["onnx_predict"]


def onnx_predict(model: str, *inputs: Column | str, sha256: str | None = None) -> Column:
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

    Returns
    -------
    Column
        the output; a struct of all outputs where there are several

    Raises
    ------
    pyspark.errors.AnalysisException
        when a data frame with the column is analysed, if the model cannot be read or does not
        take these inputs

    Examples
    --------
    >>> df.withColumn("score", onnx_predict("hdfs:///models/churn.onnx", "age", "income"))

    """
    return call_function("onnx_predict", _reference(model, sha256), *inputs)


def _reference(model: str, sha256: str | None) -> Column:
    if sha256 is None:
        return lit(model)
    return named_struct(lit("path"), lit(model), lit("sha256"), lit(sha256))
