"""Measures onnx_predict on a standalone cluster of this machine, from Spark's own distribution.

    cluster.py --jar JAR --case FOLDER --work FOLDER [--rounds N] [--sizes MB,MB] [--csv FILE]

A Master and two Workers of one core each are processes of the distribution inside the package pyspark;
every figure comes from an application of its own, which spark-submit starts with the jar.
"""

import argparse
import csv
import os
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import onnx
import pyspark
from onnx import TensorProto, helper, numpy_helper

HOST = "127.0.0.1"
HOME = pathlib.Path(pyspark.__file__).parent
DRIVER = pathlib.Path(__file__).with_name("cluster_driver.py")
PATIENCE = 60
WIDTH = 256


class Cluster:
    """A Master and its Workers, which end with the block."""

    def __init__(self, folder, workers):
        self.folder = pathlib.Path(folder)
        self.processes = []
        with socket.socket() as free:
            free.bind((HOST, 0))
            port = free.getsockname()[1]
        self.master = f"spark://{HOST}:{port}"
        self.start("master", "master.Master", "--port", str(port))
        for number in range(workers):
            arguments = ["--cores", "1", "--memory", "6g", self.master]
            self.start(f"worker-{number}", "worker.Worker", *arguments)

    def start(self, name, program, *arguments):
        log = self.folder / f"{name}.log"
        command = [HOME / "bin/spark-class", f"org.apache.spark.deploy.{program}"]
        command += ["--host", HOST, "--webui-port", "0", *arguments]
        environment = dict(os.environ, SPARK_WORKER_DIR=str(self.folder / "work"))
        with log.open("wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
        self.processes.append(process)
        end = time.monotonic() + PATIENCE
        while not re.search("elected leader|Successfully registered", log.read_text()):
            if time.monotonic() > end or process.poll() is not None:
                sys.exit(f"{name} does not start: {log.read_text()[-2000:]}")
            time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
            process.wait()

    def run(self, jar, cores, *arguments):
        """Runs a driver; its measures as a dictionary, with the time of its start as 'submit'."""
        command = [HOME / "bin/spark-submit", "--master", self.master, "--jars", jar]
        settings = {
            "spark.cores.max": cores,
            "spark.executor.cores": 1,
            "spark.executor.memory": "5g",
            "spark.driver.memory": "4g",
            "spark.driver.bindAddress": HOST,
            "spark.driver.host": HOST,
            "spark.ui.enabled": "false",
        }
        for key, value in settings.items():
            command += ["--conf", f"{key}={value}"]
        start = time.time()
        ended = subprocess.run([*command, DRIVER, *map(str, arguments)], capture_output=True, text=True)
        if ended.returncode:
            sys.exit(f"the driver failed:\n{ended.stderr[-4000:]}")
        measures = dict(re.findall(r"^MEASURE (\S+) (\S+)$", ended.stdout, re.MULTILINE))
        return {"submit": start} | {name: float(value) for name, value in measures.items()}


def wide_model(path, megabytes, seed=0):
    """A model of so many megabytes of weights that gives one number a row."""
    columns = max(1, megabytes * 1024 * 1024 // (4 * WIDTH))
    weights = np.random.default_rng(seed).standard_normal((WIDTH, columns), dtype=np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("MatMul", ["x", "w"], ["h"]),
            helper.make_node("ReduceMean", ["h"], ["y"], axes=[1], keepdims=0),
        ],
        "wide",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", WIDTH])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n"])],
        [numpy_helper.from_array(weights, "w")],
    )
    opsets = [helper.make_opsetid("", 13)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=7), path)
    return path


def efficiency(cluster, options):
    """Rows/s of one executor and of two with the same rows."""
    rates = {}
    for executors in (1, 2):
        run = cluster.run(options.jar, executors, "rate", options.case, options.rounds)
        rates[executors] = run["rate"]
        yield f"rows/s on {executors} executor{'s' * (executors > 1)}", round(run["rate"])
    yield "efficiency of two executors", round(rates[2] / rates[1] / 2, 3)


def first_row(cluster, options):
    """Seconds from spark-submit to the first row, without and with a model."""
    for query in ("plain", "scored"):
        runs = [cluster.run(options.jar, 2, "first", options.case, query) for _ in range(options.rounds)]
        to_session = statistics.median(run["session"] - run["submit"] for run in runs)
        to_row = statistics.median(run["row"] - run["submit"] for run in runs)
        yield f"s to the session, {query}", round(to_session, 2)
        yield f"s to the first row, {query}", round(to_row, 2)


def broadcast(cluster, options):
    """Seconds that the first query of a model takes more than the second, by its size."""
    warm = wide_model(pathlib.Path(options.work) / "warm.onnx", 1, seed=1)
    for megabytes in options.sizes:
        path = wide_model(pathlib.Path(options.work) / f"wide-{megabytes}.onnx", megabytes)
        runs = [cluster.run(options.jar, 2, "load", warm, path) for _ in range(options.rounds)]
        cost = statistics.median(run["first"] - run["second"] for run in runs)
        yield f"s to load {megabytes} MB on 2 executors", round(cost, 2)
        path.unlink()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jar", required=True)
    parser.add_argument("--case", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", default="1,10,100,1000")
    parser.add_argument("--csv")
    options = parser.parse_args()
    options.sizes = [int(size) for size in options.sizes.split(",")]
    rows = []
    with tempfile.TemporaryDirectory(dir=options.work) as folder, Cluster(folder, 2) as cluster:
        for part in (efficiency, first_row, broadcast):
            for name, value in part(cluster, options):
                print(f"{name:40} {value:>12,}", flush=True)
                rows.append([name, value])
    if options.csv:
        with open(options.csv, "w", newline="") as out:
            csv.writer(out).writerows([["measure", "value"], *rows])


if __name__ == "__main__":
    main()
