package io.sparkonnx.engine.tensor;

/**
 * An ONNX map: key i belongs to value i.
 *
 * @param keys integer or string tensor [K]
 * @param values tensor [K] of the values
 */
public record MapValue(Tensor keys, Tensor values) implements OnnxValue {}
