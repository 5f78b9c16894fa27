"""Makes the Keras model of the notebook on frameworks: run it as README.md here says.

The images and the split are those of demo/make/make_demo.py.
"""

import argparse
from pathlib import Path

import keras
import numpy as np
import onnx
import onnxruntime
import tensorflow as tf
import tf2onnx
from sklearn.datasets import load_digits

SEED = 20
TRAINING_ROWS = 1297


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path(__file__).resolve().parents[1])
    path = parser.parse_args().output / "models" / "digits-keras.onnx"

    source = load_digits()
    images = (source.data / 16).astype(np.float32)
    model = trained(images[:TRAINING_ROWS], source.target[:TRAINING_ROWS])
    export(model, path)

    test, labels = images[TRAINING_ROWS:], source.target[TRAINING_ROWS:]
    ours = model.predict(test, verbose=0)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (theirs,) = session.run(None, {"image": test})
    assert np.abs(ours - theirs).max() < 1e-5
    print(f"right: {(ours.argmax(1) == labels).sum()} of {len(labels)}")


def trained(images, labels):
    keras.utils.set_random_seed(SEED)
    tf.config.experimental.enable_op_determinism()
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((64,), name="image"),
            layers.Reshape((8, 8, 1)),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.Conv2D(24, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(64, activation="relu"),
            layers.Dropout(0.3),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(images, labels, batch_size=32, epochs=40, verbose=0)
    return model


def export(model, path):
    def scored(image):
        return tf.identity(model(image, training=False), name="probabilities")

    rows = tf.TensorSpec((None, 64), tf.float32, name="image")
    function = tf.function(scored, input_signature=[rows])
    exported, _ = tf2onnx.convert.from_function(function, input_signature=[rows], opset=15)
    graph = exported.graph
    graph.name = path.stem
    graph.doc_string = ""
    (output,) = graph.output
    for node in graph.node:
        names = ["probabilities" if name == output.name else name for name in node.output]
        node.output[:] = names
    output.name = "probabilities"
    for value in [*graph.input, *graph.output]:
        value.type.tensor_type.shape.dim[0].dim_param = "batch"
    exported.doc_string = "Handwritten digit in an 8x8 grey image, 0 (paper) to 1 (ink)"
    onnx.helper.set_model_props(exported, {"class_names": ",".join(map(str, range(10)))})
    onnx.checker.check_model(exported, full_check=True)
    path.write_bytes(exported.SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()
