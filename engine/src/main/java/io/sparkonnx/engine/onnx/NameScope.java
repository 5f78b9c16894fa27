package io.sparkonnx.engine.onnx;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What the names of values in one graph or function body of the file are called in the graph that
 * is built.
 */
final class NameScope {
  private final NameScope outer;
  private final UnaryOperator<String> unknown;
  private final Map<String, String> names = new HashMap<>();

  private NameScope(NameScope outer, UnaryOperator<String> unknown) {
    this.outer = outer;
    this.unknown = unknown;
  }

  /** The names of a model's main graph, all kept. */
  static NameScope main() {
    return new NameScope(null, UnaryOperator.identity());
  }

  /** The names in a graph inside this one; those not bound there are this one's. */
  NameScope nested() {
    return new NameScope(this, null);
  }

  /**
   * The names in a function body, which sees nothing outside.
   *
   * @param fresh gives the name of a value of the body
   */
  static NameScope function(UnaryOperator<String> fresh) {
    return new NameScope(null, fresh);
  }

  void bind(String name, String result) {
    names.put(name, result);
  }

  boolean binds(String name) {
    return names.containsKey(name);
  }

  /** The name in the graph that is built; the empty name stands for itself. */
  String resolve(String name) {
    if (name.isEmpty()) {
      return name;
    }
    String bound = names.get(name);
    if (bound != null) {
      return bound;
    }
    if (outer != null) {
      return outer.resolve(name);
    }
    String result = unknown.apply(name);
    names.put(name, result);
    return result;
  }
}
