package io.sparkonnx.engine.onnx;

import io.sparkonnx.engine.onnx.proto.AttributeProto;
import java.util.List;
import java.util.Map;

/**
 * Where in the model a node is read.
 *
 * @param graph the graph that it becomes part of
 * @param names what the names around it mean
 * @param opsets versions of the operators around it
 * @param bindings in a function body, the values of the function's attributes that are given
 * @param calls the functions whose bodies are around it, outermost first
 * @param depth how many graphs and function bodies are around it
 */
record Place(
    GraphAssembly graph,
    NameScope names,
    Opsets opsets,
    Map<String, Binding> bindings,
    List<String> calls,
    int depth) {

  /**
   * The value of a function's attribute.
   *
   * @param attribute the value, no reference
   * @param place where it was written
   */
  record Binding(AttributeProto attribute, Place place) {}

  boolean inFunction() {
    return !calls.isEmpty();
  }

  /** A graph inside this place. */
  Place nested(GraphAssembly inner) {
    return new Place(inner, names.nested(), opsets, bindings, calls, depth + 1);
  }
}
