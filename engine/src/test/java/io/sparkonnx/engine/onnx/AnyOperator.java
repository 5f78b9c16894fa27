package io.sparkonnx.engine.onnx;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.OperatorTable;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/** An operator that keeps its attributes and cannot run, for tests of reading. */
record AnyOperator(String type, int since, Attributes attributes) implements Operator {
  static OperatorTable table() {
    OperatorTable table = new OperatorTable();
    for (String type :
        List.of("Relu", "MatMul", "Add", "Identity", "Constant", "If", "Loop", "Cast", "Conv")) {
      add(table, OperatorTable.ONNX, type, 1);
    }
    add(table, OperatorTable.ONNX, "Relu", 6);
    add(table, OperatorTable.ONNX, "Resize", 10);
    table.add(
        OperatorTable.ONNX,
        "Softmax",
        1,
        attributes -> {
          int axis = Math.toIntExact(attributes.integer("axis"));
          return new AnyOperator("Softmax" + axis, 1, attributes);
        });
    add(table, OperatorTable.ML, "Scaler", 1);
    return table;
  }

  static void add(OperatorTable table, String domain, String type, int since) {
    table.add(domain, type, since, attributes -> new AnyOperator(type, since, attributes));
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    throw new UnsupportedOperationException(type);
  }

  @Override
  public Step prepare(Preparation preparation) {
    throw new UnsupportedOperationException(type);
  }
}
