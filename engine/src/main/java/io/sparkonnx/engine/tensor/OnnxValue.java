package io.sparkonnx.engine.tensor;

/** Anything that flows along an edge of a graph at run time. */
public sealed interface OnnxValue permits Tensor, SequenceValue, MapValue, OptionalValue {}
