"""A driver of cluster.py, which prints lines MEASURE NAME VALUE.

    cluster_driver.py rate CASE ROUNDS        rows/s of a benchmark case, warm
    cluster_driver.py first CASE plain|scored moments of the session and of the first row
    cluster_driver.py load WARM MODEL         seconds of the first and the second query of a model,
                                              in executors that have run another one
"""

import json
import pathlib
import statistics
import sys
import time

from pyspark.sql import SparkSession


def say(name, value):
    print(f"MEASURE {name} {value}", flush=True)


def timed(action):
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def call(model, argument):
    return f"onnx_predict('{model}', {argument}) y"


def rate(spark, folder, rounds):
    case = pathlib.Path(folder)
    rows = spark.read.parquet(str(case / "rows.parquet"))
    scored = rows.selectExpr(call(case / "model.onnx", rows.columns[0]))
    count = rows.count()
    times = [timed(lambda: scored.write.format("noop").mode("overwrite").save()) for _ in range(2 * int(rounds))]
    say("rate", count / statistics.median(times[int(rounds) :]))


def first(spark, folder, query):
    say("session", time.time())
    case = pathlib.Path(folder)
    rows = spark.read.parquet(str(case / "rows.parquet"))
    column = rows.columns[0]
    rows.selectExpr(call(case / "model.onnx", column) if query == "scored" else column).limit(1).collect()
    say("row", time.time())


def load(spark, warm, model):
    rows = spark.range(2, numPartitions=2)
    inputs = "transform(sequence(1, 256), i -> float(i + id))"
    for _ in range(3):
        rows.selectExpr(call(warm, inputs)).collect()
    scored = rows.selectExpr(call(model, inputs))
    say("first", timed(scored.collect))
    say("second", timed(scored.collect))


def main():
    spark = SparkSession.builder.appName("cluster").getOrCreate()
    {"rate": rate, "first": first, "load": load}[sys.argv[1]](spark, *sys.argv[2:])
    spark.stop()


if __name__ == "__main__":
    main()
