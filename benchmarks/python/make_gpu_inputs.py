"""Makes the models of the GPU benchmark.

    make_gpu_inputs.py FOLDER [--models FOLDER] [--cases A,B]

Every case is a folder FOLDER/CASE with model.onnx and case.json: the most rows of a run, and the
lengths of dimensions that do not count rows. Inputs are random numbers that each runtime makes
itself. A case whose model is not there is left out, and a line says so.
"""

import argparse
import json
import pathlib
import shutil

import numpy as np
import onnx
from make_inputs import mlp, trees
from onnx import numpy_helper


def resnet(rng, source, path):
    """The light network with random weights instead of constant ones, and any number of rows."""
    model = onnx.load(source)
    graph = model.graph
    shapes = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    users = {name: (node, i) for node in graph.node for i, name in enumerate(node.input)}
    kept = []
    for node in graph.node:
        if node.op_type == "ConstantOfShape":
            name = node.output[0]
            values = weights(rng, shapes[node.input[0]], *users[name])
            graph.initializer.append(numpy_helper.from_array(values, name))
        else:
            kept.append(node)
    for node in kept:
        if node.op_type == "Reshape":
            free_rows(graph, node.input[1])
    del graph.node[:]
    graph.node.extend(kept)
    used = {name for node in kept for name in node.input}
    constants = [i for i in graph.initializer if i.name in used]
    del graph.initializer[:]
    graph.initializer.extend(constants)
    names = {i.name for i in constants}
    inputs = [i for i in graph.input if i.name in used - names]
    del graph.input[:]
    graph.input.extend(inputs)
    for value in [*graph.input, *graph.output]:
        value.type.tensor_type.shape.dim[0].dim_param = "n"
    model.ir_version = 7
    onnx.checker.check_model(model)
    onnx.save(model, path)


def weights(rng, shape, node, index):
    """Normal with variance 2 / fan-in (He et al., 2015); variances near 1, factors near 1/2."""
    values = rng.standard_normal(tuple(shape))
    if len(shape) > 1:
        values *= np.sqrt(2 / np.prod(shape[1:]))
    else:
        values *= 0.1
        if node.op_type == "BatchNormalization" and index == 1:
            values += 0.5
        if node.op_type == "BatchNormalization" and index == 4:
            values = np.maximum(0.5, 1 + values)
    return values.astype(np.float32)


def free_rows(graph, name):
    """Lets a reshape keep its input's rows, whose number its constant shape fixes."""
    for constant in graph.initializer:
        if constant.name == name:
            shape = numpy_helper.to_array(constant).copy()
            shape[0] = 0
            constant.CopyFrom(numpy_helper.from_array(shape, name))


def copy(rng, source, path):
    shutil.copyfile(source, path)


# name, function, whether it needs a model, the most rows, lengths of other dimensions
CASES = [
    ("light_resnet50", resnet, True, 256, {}),
    ("mlp", mlp, False, 1 << 20, {}),
    ("trees", trees, False, 1 << 20, {}),
    ("bert_toy", copy, True, 2048, {"max_seq_len_in_batch": 128}),
]


def find(models, name):
    """The model's file in FOLDER/name or in a folder beside others, such as FOLDER/light/name."""
    if models is None:
        return None
    return next((f for way in ("", "*/") for f in models.glob(f"{way}{name}/model.onnx")), None)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--models", type=pathlib.Path, help="where light_resnet50 and bert_toy are")
    parser.add_argument("--cases", default="", help="comma-separated; all by default")
    arguments = parser.parse_args()
    wanted = [name for name in arguments.cases.split(",") if name]
    shutil.rmtree(arguments.folder, ignore_errors=True)
    for name, make, from_models, rows, dims in CASES:
        if wanted and name not in wanted:
            continue
        source = find(arguments.models, name) if from_models else None
        if from_models and source is None:
            print(f"{name}: left out, --models names no folder with {name}/model.onnx")
            continue
        folder = arguments.folder / name
        folder.mkdir(parents=True)
        path = folder / "model.onnx"
        rng = np.random.default_rng(1)
        make(rng, source, path) if from_models else make(rng, path)
        description = {"case": name, "rows": rows, "dims": dims}
        (folder / "case.json").write_text(json.dumps(description))


if __name__ == "__main__":
    main()
