package io.sparkonnx.engine.plan;

import io.sparkonnx.engine.tensor.ElementType.Storage;
import io.sparkonnx.engine.type.Dim;

/**
 * Memory that one or more values use one after the other: a value, its views, and what overwrites
 * it.
 *
 * @param storage Java array type
 * @param elements array elements, symbolic
 * @param first step that writes it first
 * @param last step that reads it last
 */
public record Buffer(Storage storage, Dim elements, int first, int last) {
  boolean overlaps(Buffer other) {
    return first <= other.last && other.first <= last;
  }
}
