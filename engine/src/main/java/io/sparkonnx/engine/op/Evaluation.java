package io.sparkonnx.engine.op;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.ValueInfo;
import io.sparkonnx.engine.type.ValueType;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Evaluates one operator on given values, outside any plan: for constant folding and for tests.
 * Every call infers, prepares and allocates anew.
 */
public final class Evaluation implements StepContext {
  private final String node;
  private final Kernels kernels;
  private final List<? extends OnnxValue> inputs;
  private final List<ValueInfo> infos;
  private final OnnxValue[] outputs;
  private final Scratch scratch = new Scratch();

  private Evaluation(
      String node,
      Kernels kernels,
      List<? extends OnnxValue> inputs,
      List<ValueInfo> infos,
      int outputs) {
    this.node = node;
    this.kernels = kernels;
    this.inputs = inputs;
    this.infos = infos;
    this.outputs = new OnnxValue[outputs];
  }

  /**
   * Runs {@code operator}.
   *
   * @param node operator and name, for messages
   * @param inputs values; null for a left-out input
   * @param outputs number of outputs
   * @return one value per output
   */
  public static List<OnnxValue> run(
      String node,
      Operator operator,
      Kernels kernels,
      List<? extends OnnxValue> inputs,
      int outputs) {
    List<ValueInfo> known = new ArrayList<>();
    for (OnnxValue value : inputs) {
      known.add(value == null ? null : infoOf(value));
    }
    InferenceContext context = new InferenceContext(node, known, outputs, Evaluation::fresh);
    List<ValueInfo> infos = operator.infer(context);
    Evaluation evaluation = new Evaluation(node, kernels, inputs, infos, outputs);
    operator.prepare(new Preparation(node, kernels, known, infos)).run(evaluation);
    return Arrays.asList(evaluation.outputs);
  }

  private static Dim fresh() {
    return Dim.symbol("?");
  }

  /** Type, shape and contents of a value; tensors count as constants. */
  public static ValueInfo infoOf(OnnxValue value) {
    return value instanceof Tensor tensor
        ? ValueInfo.ofConstant(tensor)
        : ValueInfo.of(ValueType.of(value));
  }

  @Override
  public int inputs() {
    return inputs.size();
  }

  @Override
  public OnnxValue value(int input) {
    return input < inputs.size() ? inputs.get(input) : null;
  }

  @Override
  public int outputs() {
    return outputs.length;
  }

  @Override
  public boolean wants(int output) {
    return output < outputs.length;
  }

  @Override
  public Tensor output(int output) {
    return output(output, infos.get(output).shape().values());
  }

  @Override
  public Tensor output(int output, int... dims) {
    TensorType type = (TensorType) infos.get(output).type();
    Tensor tensor = Tensor.allocate(type.element(), dims);
    outputs[output] = tensor;
    return tensor;
  }

  @Override
  public void set(int output, OnnxValue value) {
    outputs[output] = value;
  }

  @Override
  public Kernels kernels() {
    return kernels;
  }

  @Override
  public Scratch scratch() {
    return scratch;
  }

  @Override
  public void checkCancelled() {}

  @Override
  public OnnxException error(String message) {
    return new OnnxException(OnnxException.Code.INVALID_VALUE, node + ": " + message);
  }
}
