"""Times the Python ways to run ONNX Runtime in Spark.

    python_udf.py CASE_FOLDER ROUNDS pandas_udf|predict_batch_udf

Prints a line "MEASURE case,rival,phase,seconds,rows" for each round, the first one cold.
"""

import json
import os
import pathlib
import sys
import time

import numpy as np
import pandas as pd
from pyspark.ml.functions import predict_batch_udf
from pyspark.sql import SparkSession
from pyspark.sql.functions import array, col, pandas_udf
from pyspark.sql.types import ArrayType, FloatType

BATCH = 4096
CACHE = {}


def open_session(path):
    """One session a worker process, with one thread: Spark runs a process for each core."""
    import onnxruntime

    if path not in CACHE:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        CACHE[path] = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"]
        )
    return CACHE[path]


def score(output):
    """The score of each row as a float or an array of floats, also of ZipMap's dictionaries."""
    if isinstance(output, list):
        return pd.Series([row[1] for row in output])
    values = np.asarray(output)
    if values.ndim == 1 or values.shape[1] == 1:
        return pd.Series(values.reshape(-1))
    return pd.Series(list(values))


def pandas_way(case, model):
    wide = case["case"].startswith("cnn") or case["form"] == "struct"
    kind = "array<float>" if wide else "float"
    names, last, shape, form = case["inputs"], case["outputs"][-1], case["shape"], case["form"]

    if form == "struct":

        def named(frame: pd.DataFrame) -> pd.Series:
            session = open_session(model)
            feed = {
                name: frame[name].to_numpy(
                    dtype=object if frame[name].dtype == object else np.float32
                ).reshape(-1, 1)
                for name in names
            }
            return score(session.run([last], feed)[0])

        from pyspark.sql.functions import struct

        return pandas_udf(named, kind)(struct(*[col(name) for name in names]))

    if form == "columns":

        def columns(*series: pd.Series) -> pd.Series:
            values = np.column_stack([one.to_numpy(dtype=np.float32) for one in series])
            return score(open_session(model).run([last], {names[0]: values})[0])

        return pandas_udf(columns, kind)(*[col(f"c{i}") for i in range(case["width"])])

    def one(series: pd.Series) -> pd.Series:
        if form == "binary":
            values = np.frombuffer(b"".join(series), dtype=np.float32)
        else:
            values = np.stack(series.to_numpy())
        values = values.reshape([len(series)] + shape)
        return score(open_session(model).run([last], {names[0]: values})[0])

    return pandas_udf(one, kind)(col("x"))


def batch_way(case, model):
    if case["form"] in ("struct", "binary"):
        raise ValueError(f"predict_batch_udf takes no {case['form']} tensors")
    name, last, shape = case["inputs"][0], case["outputs"][-1], case["shape"]
    wide = case["case"].startswith("cnn")

    def make():
        session = open_session(model)

        def predict(values):
            output = session.run([last], {name: values.reshape([-1] + shape)})[0]
            if isinstance(output, list):
                return np.array([row[1] for row in output], dtype=np.float32)
            return output if wide else np.asarray(output).reshape(-1)

        return predict

    udf = predict_batch_udf(
        make,
        return_type=ArrayType(FloatType()) if wide else FloatType(),
        batch_size=BATCH,
        input_tensor_shapes=[[case["width"]]],
    )
    if case["form"] == "columns":
        return udf(array(*[col(f"c{i}") for i in range(case["width"])]))
    return udf(col("x"))


def main():
    folder, rounds, way = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    case = json.loads((folder / "case.json").read_text())
    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.files.openCostInBytes", "128m")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", BATCH)
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    model = str(folder / "model.onnx")
    make = {"pandas_udf": pandas_way, "predict_batch_udf": batch_way}[way]
    for i in range(rounds + 1):
        start = time.perf_counter()
        frame = spark.read.parquet(str(folder / "rows.parquet"))
        frame.select(make(case, model).alias("y")).write.format("noop").mode("overwrite").save()
        seconds = time.perf_counter() - start
        phase = "warm" if i else "cold"
        print(f"MEASURE {case['case']},{way},{phase},{seconds:.4f},{case['rows']}", flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
