package io.sparkonnx.engine.onnx;

import io.sparkonnx.engine.onnx.proto.AttributeProto;
import io.sparkonnx.engine.onnx.proto.GraphProto;
import io.sparkonnx.engine.onnx.proto.NodeProto;
import io.sparkonnx.engine.onnx.proto.SparseTensorProto;
import io.sparkonnx.engine.onnx.proto.TensorProto;

/** Gives names to values that no value in a whole model has. */
final class ValueNames {
  private final GraphProto main;
  private UniqueNames names;

  ValueNames(GraphProto main) {
    this.main = main;
  }

  String fresh(String hint) {
    if (names == null) {
      names = new UniqueNames();
      collect(main);
    }
    return names.fresh(hint);
  }

  private void collect(GraphProto graph) {
    graph.getInputList().forEach(input -> names.take(input.getName()));
    for (TensorProto initializer : graph.getInitializerList()) {
      names.take(initializer.getName());
    }
    for (SparseTensorProto initializer : graph.getSparseInitializerList()) {
      names.take(initializer.getValues().getName());
    }
    for (NodeProto node : graph.getNodeList()) {
      node.getInputList().forEach(names::take);
      node.getOutputList().forEach(names::take);
      for (AttributeProto attribute : node.getAttributeList()) {
        if (attribute.hasG()) {
          collect(attribute.getG());
        }
        attribute.getGraphsList().forEach(this::collect);
      }
    }
  }
}
