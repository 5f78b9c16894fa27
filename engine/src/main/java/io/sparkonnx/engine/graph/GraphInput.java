package io.sparkonnx.engine.graph;

import io.sparkonnx.engine.type.ValueType;

/**
 * An input of a graph.
 *
 * @param name name of the value
 * @param type declared type; dimensions that the file leaves open are symbols
 * @param optional whether a constant of the same name stands in for it
 */
public record GraphInput(String name, ValueType type, boolean optional) {}
