"""Times ONNX Runtime on a case of the GPU benchmark: on CUDA where it has that, else on the CPU.

    gpu_rivals.py CASE_FOLDER ROWS THREADS ROUNDS

Prints lines "MEASURE case,measure,value": what ran, and rows/s, the median of the rounds. Inputs and
results are in the host's memory. TF32 is off, so that products are those of floats.
"""

import json
import pathlib
import statistics
import sys
import time

import numpy as np
import onnxruntime

ROUND_SECONDS = 0.2
TYPES = {"tensor(float)": np.float32, "tensor(int64)": np.int64, "tensor(int32)": np.int32}


def open_session(path, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    providers = ["CPUExecutionProvider"]
    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        onnxruntime.preload_dlls()
        providers.insert(0, ("CUDAExecutionProvider", {"use_tf32": "0"}))
    return onnxruntime.InferenceSession(str(path), options, providers=providers)


def inputs(session, case, rows):
    """Normal floats, and integers 0 and 1, which every vocabulary has."""
    rng = np.random.default_rng(42)
    feed = {}
    for port in session.get_inputs():
        shape = [case["dims"].get(d, rows) if isinstance(d, str) else d for d in port.shape]
        kind = TYPES[port.type]
        if kind == np.float32:
            feed[port.name] = rng.standard_normal(shape, dtype=np.float32)
        else:
            feed[port.name] = rng.integers(0, 2, shape, dtype=kind)
    return feed


def seconds(session, feed, runs):
    start = time.perf_counter()
    for _ in range(runs):
        session.run(None, feed)
    return time.perf_counter() - start


def main():
    folder = pathlib.Path(sys.argv[1])
    rows, threads, rounds = (int(argument) for argument in sys.argv[2:5])
    case = json.loads((folder / "case.json").read_text())
    session = open_session(folder / "model.onnx", threads)
    feed = inputs(session, case, rows)
    session.run(None, feed)
    runs = max(1, min(1000, round(ROUND_SECONDS / seconds(session, feed, 1))))
    took = [seconds(session, feed, runs) for _ in range(rounds + 1)][1:]
    device = session.get_providers()[0].removesuffix("ExecutionProvider")
    name = case["case"]
    print(f'MEASURE {name},rival,"ONNX Runtime {onnxruntime.__version__} {device}"')
    print(f"MEASURE {name},rival rows/s,{rows * runs / statistics.median(took)}")


if __name__ == "__main__":
    main()
