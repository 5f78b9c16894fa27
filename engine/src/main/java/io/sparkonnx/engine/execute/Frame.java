package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.tensor.OnnxValue;

/**
 * The values of a plan under one binding: constants and planned tensors are there from the start,
 * inputs, results and dynamic values come and go with each block.
 */
record Frame(OnnxValue[] values) {}
