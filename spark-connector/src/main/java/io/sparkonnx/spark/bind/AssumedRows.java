package io.sparkonnx.spark.bind;

import io.sparkonnx.engine.Batching;
import io.sparkonnx.engine.Signature;
import io.sparkonnx.engine.Signature.Port;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueType;
import io.sparkonnx.engine.type.ValueType.SequenceType;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the rows of a batch-coupled model are taken to be: along the first axis of everything whose
 * size there is open. A run checks that outputs have as many rows as inputs.
 */
final class AssumedRows {
  private AssumedRows() {}

  static Batching of(Signature signature, Batching coupled) {
    return new Batching(
        Batching.Kind.ROWS,
        coupled.symbol(),
        axes(signature.inputs()),
        axes(signature.outputs()),
        coupled.reason());
  }

  private static Map<String, Integer> axes(List<Port> ports) {
    Map<String, Integer> axes = new HashMap<>();
    for (Port port : ports) {
      if (isOpen(port.type())) {
        axes.put(port.name(), 0);
      }
    }
    return axes;
  }

  private static boolean isOpen(ValueType type) {
    if (!(type instanceof TensorType tensor)) {
      return type instanceof SequenceType;
    }
    Shape shape = tensor.shape();
    return shape.hasRank() && shape.rank() > 0 && !shape.dim(0).isConstant();
  }
}
