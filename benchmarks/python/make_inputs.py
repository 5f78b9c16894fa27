"""Makes the models and the Parquet files of the Spark benchmark.

    make_inputs.py FOLDER [--scale FACTOR]

Every case is a folder FOLDER/CASE with model.onnx, rows.parquet and case.json. Weights and rows are
seeded random numbers; opset 13 and IR version 7, so that every rival's ONNX Runtime reads them.
"""

import argparse
import json
import pathlib

import numpy as np
import onnx
import pyarrow as pa
import pyarrow.parquet as pq
from onnx import TensorProto, helper, numpy_helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

# Of less than 128 MB each, so that none is split and all tasks of a query have as many rows.
FILES = 8
ROW_GROUP = 64 * 1024
COLORS = ["rot", "grün", "blau", "gelb", "weiß", "schwarz", "violett", "türkis"]
CITIES = [f"city-{i:03d}" for i in range(200)]


def initializer(rng, name, *shape, spread=0.15):
    values = (rng.standard_normal(shape) * spread).astype(np.float32)
    return numpy_helper.from_array(values, name)


def save(nodes, inputs, outputs, initializers, path):
    graph = helper.make_graph(nodes, path.parent.name, inputs, outputs, initializers)
    opsets = [helper.make_opsetid("", 13), helper.make_opsetid("ai.onnx.ml", 2)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=7), path)


def floats(name, *shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))


def mlp(rng, path):
    """64-256-128-1 with ReLU and a sigmoid."""
    nodes = []
    value = "x"
    weights = []
    for i, (rows, columns) in enumerate([(64, 256), (256, 128), (128, 1)]):
        weights += [initializer(rng, f"w{i}", rows, columns), initializer(rng, f"b{i}", columns)]
        nodes.append(helper.make_node("Gemm", [value, f"w{i}", f"b{i}"], [f"h{i}"]))
        last = i == 2
        nodes.append(
            helper.make_node("Sigmoid" if last else "Relu", [f"h{i}"], ["y" if last else f"a{i}"])
        )
        value = f"a{i}"
    save(nodes, [floats("x", "n", 64)], [floats("y", "n", 1)], weights, path)


def trees(rng, path, count=500, depth=8, features=50):
    """A TreeEnsembleRegressor of full trees."""
    inner = 2**depth - 1
    nodes = 2 ** (depth + 1) - 1
    ids = np.tile(np.arange(nodes), count)
    tree_ids = np.repeat(np.arange(count), nodes)
    is_leaf = ids >= inner
    feature = np.where(is_leaf, 0, rng.integers(0, features, ids.size))
    threshold = np.where(is_leaf, 0, rng.standard_normal(ids.size)).astype(np.float32)
    node = helper.make_node(
        "TreeEnsembleRegressor",
        ["x"],
        ["y"],
        domain="ai.onnx.ml",
        n_targets=1,
        nodes_treeids=tree_ids.tolist(),
        nodes_nodeids=ids.tolist(),
        nodes_featureids=feature.tolist(),
        nodes_values=threshold.tolist(),
        nodes_modes=np.where(is_leaf, "LEAF", "BRANCH_LEQ").tolist(),
        nodes_truenodeids=np.where(is_leaf, 0, 2 * ids + 1).tolist(),
        nodes_falsenodeids=np.where(is_leaf, 0, 2 * ids + 2).tolist(),
        target_treeids=tree_ids[is_leaf].tolist(),
        target_nodeids=ids[is_leaf].tolist(),
        target_ids=[0] * int(is_leaf.sum()),
        target_weights=rng.standard_normal(int(is_leaf.sum())).astype(np.float32).tolist(),
    )
    save([node], [floats("x", "n", features)], [floats("y", "n", 1)], [], path)


def cnn(rng, path):
    """Two 5x5 convolutions with pooling and a linear layer over 28x28 images."""
    nodes = [
        helper.make_node("Conv", ["x", "w0", "b0"], ["c0"], kernel_shape=[5, 5], pads=[2] * 4),
        helper.make_node("Relu", ["c0"], ["r0"]),
        helper.make_node("MaxPool", ["r0"], ["p0"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Conv", ["p0", "w1", "b1"], ["c1"], kernel_shape=[5, 5], pads=[2] * 4),
        helper.make_node("Relu", ["c1"], ["r1"]),
        helper.make_node("MaxPool", ["r1"], ["p1"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Flatten", ["p1"], ["f"]),
        helper.make_node("Gemm", ["f", "w2", "b2"], ["y"]),
    ]
    weights = [
        initializer(rng, "w0", 8, 1, 5, 5),
        initializer(rng, "b0", 8),
        initializer(rng, "w1", 16, 8, 5, 5),
        initializer(rng, "b1", 16),
        initializer(rng, "w2", 16 * 7 * 7, 10),
        initializer(rng, "b2", 10),
    ]
    save(nodes, [floats("x", "n", 1, 28, 28)], [floats("y", "n", 10)], weights, path)


def with_ir(model, path):
    model.ir_version = 7
    onnx.save(model, path)


def logistic(rng, path):
    """Scaler, logistic regression and ZipMap over 16 features."""
    x = rng.standard_normal((2000, 16)).astype(np.float32)
    y = (x[:, :4].sum(axis=1) > 0).astype(int)
    pipeline = Pipeline([("scale", StandardScaler()), ("model", LogisticRegression())]).fit(x, y)
    model = to_onnx(
        pipeline, initial_types=[("x", FloatTensorType([None, 16]))], target_opset={"": 13, "ai.onnx.ml": 2}
    )
    with_ir(model, path)


def categorical(rng, path):
    """Strings and numbers: one-hot encoding, scaling, logistic regression."""
    import pandas as pd

    rows = 4000
    frame = pd.DataFrame(
        {
            "color": rng.choice(COLORS, rows),
            "city": rng.choice(CITIES, rows),
            "amount": rng.standard_normal(rows).astype(np.float32),
            "age": rng.standard_normal(rows).astype(np.float32),
        }
    )
    target = ((frame["color"] == "rot") ^ (frame["amount"] > 0)).astype(int)
    encode = ColumnTransformer(
        [
            ("text", OneHotEncoder(handle_unknown="ignore"), ["color", "city"]),
            ("numbers", StandardScaler(), ["amount", "age"]),
        ]
    )
    pipeline = Pipeline([("encode", encode), ("model", LogisticRegression())]).fit(frame, target)
    types = [
        (name, StringTensorType([None, 1]) if name in ("color", "city") else FloatTensorType([None, 1]))
        for name in frame.columns
    ]
    model = to_onnx(
        pipeline,
        initial_types=types,
        target_opset={"": 13, "ai.onnx.ml": 2},
        options={id(pipeline): {"zipmap": False}},
    )
    with_ir(model, path)


def write(folder, table, rows, width):
    """Makes the rows in several files, so that every rival can read with two tasks."""
    target = folder / "rows.parquet"
    target.mkdir(exist_ok=True)
    step = -(-rows // FILES)
    for i in range(FILES):
        part = max(0, min(step, rows - i * step))
        pq.write_table(
            table(np.random.default_rng([2, i]), part, width),
            target / f"part-{i}.parquet",
            row_group_size=ROW_GROUP,
            compression="snappy",
        )


def arrays(values):
    offsets = pa.array(np.arange(0, values.size + 1, values.shape[1], dtype=np.int32))
    return pa.ListArray.from_arrays(offsets, pa.array(values.reshape(-1)))


def numbers(rng, rows, width):
    return rng.standard_normal((rows, width), dtype=np.float32)


def as_array(rng, rows, width):
    return pa.table({"x": arrays(numbers(rng, rows, width))})


def as_columns(rng, rows, width):
    values = numbers(rng, rows, width)
    return pa.table({f"c{i}": pa.array(np.ascontiguousarray(values[:, i])) for i in range(width)})


def as_binary(rng, rows, width):
    values = numbers(rng, rows, width)
    data = pa.py_buffer(values.tobytes())
    offsets = np.arange(0, values.nbytes + 1, 4 * width, dtype=np.int32)
    return pa.table(
        {"x": pa.Array.from_buffers(pa.binary(), rows, [None, pa.py_buffer(offsets), data])}
    )


def as_text(rng, rows, width):
    return pa.table(
        {
            "color": pa.array(rng.choice(COLORS, rows)),
            "city": pa.array(rng.choice(CITIES, rows)),
            "amount": pa.array(rng.standard_normal(rows, dtype=np.float32)),
            "age": pa.array(rng.standard_normal(rows, dtype=np.float32)),
        }
    )


# name, model, input form, table, width of a row, shape of a row, rows
CASES = [
    ("mlp-array", mlp, "array", as_array, 64, [64], 2_500_000),
    ("mlp-columns", mlp, "columns", as_columns, 64, [64], 2_500_000),
    ("trees-array", trees, "array", as_array, 50, [50], 1_000_000),
    ("trees-columns", trees, "columns", as_columns, 50, [50], 1_000_000),
    ("logistic-array", logistic, "array", as_array, 16, [16], 10_000_000),
    ("logistic-columns", logistic, "columns", as_columns, 16, [16], 10_000_000),
    ("categorical", categorical, "struct", as_text, 4, [1], 10_000_000),
    ("cnn-array", cnn, "array", as_array, 784, [1, 28, 28], 200_000),
    ("cnn-binary", cnn, "binary", as_binary, 784, [1, 28, 28], 200_000),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--scale", type=float, default=1.0, help="factor on the number of rows")
    parser.add_argument("--cases", default="", help="comma-separated; all by default")
    arguments = parser.parse_args()
    wanted = [name for name in arguments.cases.split(",") if name]
    unknown = sorted(set(wanted) - {case[0] for case in CASES})
    if unknown:
        parser.error(f"unknown cases {unknown}; these are {[case[0] for case in CASES]}")
    for name, model, form, table, width, shape, count in CASES:
        if wanted and name not in wanted:
            continue
        folder = arguments.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        rows = max(1, int(count * arguments.scale))
        model(np.random.default_rng(1), folder / "model.onnx")
        write(folder, table, rows, width)
        loaded = onnx.load(folder / "model.onnx")
        description = {
            "case": name,
            "form": form,
            "inputs": [i.name for i in loaded.graph.input],
            "outputs": [o.name for o in loaded.graph.output],
            "width": width,
            "shape": shape,
            "rows": rows,
        }
        (folder / "case.json").write_text(json.dumps(description))
        print(f"{name}: {rows:,} rows")


if __name__ == "__main__":
    main()
