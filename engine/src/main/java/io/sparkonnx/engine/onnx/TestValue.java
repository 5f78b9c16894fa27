package io.sparkonnx.engine.onnx;

import io.sparkonnx.engine.tensor.OnnxValue;

/**
 * A value from a test data file.
 *
 * @param name name of the model's input or output that it belongs to, or empty
 */
public record TestValue(String name, OnnxValue value) {}
