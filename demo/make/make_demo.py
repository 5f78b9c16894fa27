"""Makes the demo's models and test rows: run it as demo/README.md says.

Two models are trained on data sets that scikit-learn carries, exported to ONNX, and compared with
ONNX Runtime row by row. Only test rows, which no model saw in training, are written to Parquet.
"""

import argparse
import hashlib
import json
from pathlib import Path

import lightgbm
import numpy as np
import onnx
import onnxruntime
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from onnxmltools import convert_lightgbm
from onnxmltools.convert.common.data_types import FloatTensorType
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.model_selection import train_test_split

SEED = 20
PROBABILITY_TOLERANCE = 1e-5
DIGITS_TRAINING_ROWS = 1297


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path(__file__).resolve().parents[1])
    output = parser.parse_args().output
    (output / "models").mkdir(parents=True, exist_ok=True)
    (output / "data").mkdir(parents=True, exist_ok=True)

    expected = {"breast_cancer": breast_cancer(output), "digits": digits(output)}
    (output / "data" / "expected.json").write_text(to_json(expected))

    for name, result in expected.items():
        print(f"{name}: {result['correct']} of {result['rows']} right, {result['accuracy']:.4f}")
    for file in sorted([*output.glob("models/*"), *output.glob("data/*")]):
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        print(f"| `{file.relative_to(output)}` | {file.stat().st_size:,} | `{digest}` |")


def breast_cancer(output):
    """Gradient-boosted trees on 30 measurements of cell nuclei; label 1 is malignant."""
    source = load_breast_cancer()
    columns = [name.replace(" ", "_") for name in source.feature_names]
    features = source.data.astype(np.float32)
    labels = (source.target == list(source.target_names).index("malignant")).astype(np.int32)
    classes = ["benign", "malignant"]
    ids = np.arange(len(labels), dtype=np.int64)
    train, test = train_test_split(ids, test_size=0.3, stratify=labels, random_state=SEED)
    test.sort()

    model = lightgbm.LGBMClassifier(
        n_estimators=150,
        learning_rate=0.1,
        num_leaves=8,
        min_child_samples=5,
        colsample_bytree=0.3,
        reg_lambda=1.0,
        random_state=SEED,
        deterministic=True,
        force_row_wise=True,
        n_jobs=1,
        verbose=-1,
    )
    model.fit(features[train], labels[train])
    model = with_float_thresholds(model.booster_)
    malignant = model.predict(features[test])
    predicted = (malignant > 0.5).astype(np.int64)

    exported = convert_lightgbm(
        model,
        name="breast_cancer",
        initial_types=[("features", FloatTensorType([None, len(columns)]))],
        zipmap=False,
        target_opset=15,
    )
    name_batch(exported)
    path = output / "models" / "breast_cancer.onnx"
    save(
        exported,
        path,
        description="Breast mass from a fine needle aspirate: benign (0) or malignant (1)",
        feature_names=",".join(columns),
        class_names=",".join(classes),
    )
    label, probabilities = run(path, features[test])
    assert np.array_equal(label, predicted)
    assert_close(probabilities, np.column_stack([1 - malignant, malignant]))

    fields = {"id": pa.array(ids[test])}
    fields |= {name: pa.array(features[test, i]) for i, name in enumerate(columns)}
    fields |= {
        "label": pa.array(labels[test]),
        "diagnosis": pa.array([classes[value] for value in labels[test]]),
    }
    write_parquet(output / "data" / "breast_cancer.parquet", fields)
    return summary(labels[test], predicted)


def with_float_thresholds(booster):
    """Rounds thresholds down to floats: float features decide as before, and ONNX holds them."""

    def round_down(text):
        threshold = float(text)
        rounded = np.float32(threshold)
        if float(rounded) > threshold:
            rounded = np.nextafter(rounded, np.float32(-np.inf))
        return repr(float(rounded))

    lines = []
    for line in booster.model_to_string().split("\n"):
        key, _, values = line.partition("=")
        if key == "threshold":
            line = f"{key}={' '.join(map(round_down, values.split(' ')))}"
        if key != "tree_sizes":  # an optional index of byte lengths, no longer true
            lines.append(line)
    return lightgbm.Booster(model_str="\n".join(lines))


class DigitNet(torch.nn.Module):
    """Three small convolutions and two dense layers; `forward` gives logits."""

    def __init__(self):
        super().__init__()
        nn = torch.nn
        self.layers = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1, bias=False),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.Conv2d(16, 32, 3, padding=1, bias=False),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1, bias=False),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(256, 64),
            nn.ReLU(),
            nn.Dropout(0.3),
            nn.Linear(64, 10),
        )

    def forward(self, image):
        return self.layers(image)


def digits(output):
    """A convolutional network on 8x8 grey images of handwritten digits."""
    source = load_digits()
    images = (source.images / 16).astype(np.float32)[:, None]
    labels = source.target.astype(np.int32)
    train, test = np.split(np.arange(len(labels), dtype=np.int64), [DIGITS_TRAINING_ROWS])

    network = train_digit_net(torch.from_numpy(images[train]), torch.from_numpy(labels[train]))
    model = torch.nn.Sequential(network, torch.nn.Softmax(dim=1)).eval()
    with torch.no_grad():
        trained = model(torch.from_numpy(images[test])).numpy()
    predicted = trained.argmax(axis=1)

    exported = torch.onnx.export(
        model,
        (torch.from_numpy(images[:2]),),
        input_names=["image"],
        output_names=["probabilities"],
        dynamic_shapes=({0: torch.export.Dim("batch")},),
        opset_version=18,
        dynamo=True,
        verbose=False,
    ).model_proto
    path = output / "models" / "digits.onnx"
    save(
        exported,
        path,
        description="Handwritten digit in an 8x8 grey image, 0 (paper) to 1 (ink)",
        class_names=",".join(map(str, range(10))),
    )
    (probabilities,) = run(path, images[test])
    assert np.array_equal(probabilities.argmax(axis=1), predicted)
    assert_close(probabilities, trained)

    write_parquet(
        output / "data" / "digits.parquet",
        {
            "id": pa.array(test),
            "image": pa.array(list(images[test].reshape(len(test), -1)), pa.list_(pa.float32())),
            "label": pa.array(labels[test]),
        },
    )
    return summary(labels[test], predicted)


def train_digit_net(images, labels):
    """Trains for 40 epochs on images moved by up to one pixel each way, on one thread."""
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    network = DigitNet()
    epochs, batch = 40, 64
    steps = epochs * -(-len(images) // batch)
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=steps)
    padded = torch.nn.functional.pad(images, (1, 1, 1, 1))
    for _ in range(epochs):
        for rows in torch.randperm(len(images)).split(batch):
            down, right = torch.randint(0, 3, (2,)).tolist()
            moved = padded[rows, :, down : down + 8, right : right + 8]
            loss = torch.nn.functional.cross_entropy(network(moved), labels[rows].long())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return network


def name_batch(model):
    """Calls the free first dimension of every input and output `batch`."""
    for value in [*model.graph.input, *model.graph.output]:
        value.type.tensor_type.shape.dim[0].dim_param = "batch"


def save(model, path, **metadata):
    """Writes a checked model without the exporter's notes, which name local files and builds."""
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    for value in [*model.graph.value_info, *model.graph.input, *model.graph.output]:
        value.doc_string = ""
        del value.metadata_props[:]
    for tensor in model.graph.initializer:
        tensor.doc_string = ""
        del tensor.metadata_props[:]
    del model.graph.metadata_props[:]
    model.producer_version = model.producer_version.split("+")[0]
    model.graph.name = path.stem
    model.graph.doc_string = ""
    model.doc_string = metadata.pop("description")
    onnx.helper.set_model_props(model, metadata)
    onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString(deterministic=True))


def run(path, rows):
    """Scores rows with ONNX Runtime."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: rows})


def assert_close(actual, expected):
    difference = np.abs(actual - expected).max()
    assert difference <= PROBABILITY_TOLERANCE, f"probabilities differ by {difference}"


def write_parquet(path, columns):
    pq.write_table(pa.table(columns), path, compression="snappy", store_schema=False)


def summary(labels, predicted):
    correct = int((labels == predicted).sum())
    return {
        "rows": len(labels),
        "correct": correct,
        "accuracy": correct / len(labels),
        "predicted": [int(label) for label in predicted],
    }


def to_json(expected):
    """JSON with one property of a model per line."""
    models = [
        f'  "{name}": {{\n'
        + ",\n".join(f'    "{key}": {json.dumps(value)}' for key, value in result.items())
        + "\n  }"
        for name, result in expected.items()
    ]
    return "{\n" + ",\n".join(models) + "\n}\n"


if __name__ == "__main__":
    main()
