"""An application that scores a folder of Parquet files and kills one of its executors meanwhile.

Arguments: the model, the folder, the folder to write, the file for the killed process's number.
"""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
from pyspark import TaskContext
from pyspark.sql import SparkSession

from spark_onnx import onnx_predict

DEADLY_PARTITION = 4
BATCHES_BEFORE = 2
SCHEMA = "id bigint, prediction array<float>, executor bigint, attempt bigint"


def score(model: str, rows: str, scores: str, killed: Path) -> None:
    """Write scores with the executor and the attempt that each comes from."""

    def pass_on(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Add both columns; the first attempt at a partition ends its executor on the way."""
        task = TaskContext.get()
        executor = os.getppid()
        for number, batch in enumerate(batches):
            deadly = task.partitionId() == DEADLY_PARTITION and number == BATCHES_BEFORE
            if deadly and not killed.exists():
                killed.write_text(str(executor))
                os.kill(executor, signal.SIGKILL)
            for name, value in {"executor": executor, "attempt": task.attemptNumber()}.items():
                batch = batch.append_column(name, pa.array([value] * len(batch), pa.int64()))
            yield batch

    spark = SparkSession.builder.getOrCreate()
    prediction = onnx_predict(model, "image", batch_size=4).alias("prediction")
    scored = spark.read.parquet(rows).select("id", prediction).mapInArrow(pass_on, SCHEMA)
    scored.repartition(2, "id").write.parquet(scores)
    spark.stop()


if __name__ == "__main__":
    model, rows, scores, killed = sys.argv[1:]
    score(model, rows, scores, Path(killed))
