package io.sparkonnx.engine.graph;

import io.sparkonnx.engine.type.ValueType;

/**
 * An output of a graph.
 *
 * @param name name of the value
 * @param declared the type that the file declares, or null; inference may know better
 */
public record GraphOutput(String name, ValueType declared) {}
