package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.kernel.KernelProvider;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.Evaluation;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.OperatorTable;
import io.sparkonnx.engine.op.generate.GenerateOperators;
import io.sparkonnx.engine.op.logic.LogicOperators;
import io.sparkonnx.engine.op.math.MathOperators;
import io.sparkonnx.engine.op.matrix.MatrixOperators;
import io.sparkonnx.engine.op.nn.NnOperators;
import io.sparkonnx.engine.op.reduce.ReduceOperators;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One operator under test. */
public final class OneOperator {
  private static final OperatorTable TABLE = new OperatorTable();

  static {
    TensorOperators.register(TABLE);
    GenerateOperators.register(TABLE);
    MathOperators.register(TABLE);
    LogicOperators.register(TABLE);
    ReduceOperators.register(TABLE);
    NnOperators.register(TABLE);
    MatrixOperators.register(TABLE);
  }

  private final String type;
  private final int opset;
  private final Map<String, Object> attributes = new HashMap<>();
  private int outputs = 1;

  private OneOperator(String type, int opset) {
    this.type = type;
    this.opset = opset;
  }

  public static OneOperator of(String type, int opset) {
    return new OneOperator(type, opset);
  }

  public OneOperator with(String name, Object value) {
    attributes.put(name, value);
    return this;
  }

  public OneOperator outputs(int count) {
    outputs = count;
    return this;
  }

  public Operator operator() {
    return TABLE
        .find(OperatorTable.ONNX, type, opset)
        .create(new Attributes(label(), attributes, outputs));
  }

  private String label() {
    return type + " 'it'";
  }

  /** The first output. */
  public Tensor run(OnnxValue... inputs) {
    return (Tensor) all(inputs).get(0);
  }

  /** All outputs, each checked against the inferred type and shape. */
  public List<OnnxValue> all(OnnxValue... inputs) {
    return Evaluation.run(
        label(), operator(), KernelProvider.scalar(), Arrays.asList(inputs), outputs);
  }

  /** What is inferred for the first output. */
  public ValueInfo infer(ValueInfo... inputs) {
    return inferAll(inputs).get(0);
  }

  public List<ValueInfo> inferAll(ValueInfo... inputs) {
    int[] count = {0};
    InferenceContext context =
        new InferenceContext(
            label(), Arrays.asList(inputs), outputs, () -> Dim.symbol("?" + count[0]++));
    return operator().infer(context);
  }

  /** Where the batch, counted by the symbol {@code n}, is in the first output. */
  public BatchAxis batch(List<BatchAxis> axes, ValueInfo... inputs) {
    List<ValueInfo> known = new ArrayList<>(Arrays.asList(inputs));
    return operator().batch(new BatchContext(label(), "n", axes, known, inferAll(inputs))).get(0);
  }
}
