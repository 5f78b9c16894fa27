package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.Activation;
import io.sparkonnx.engine.op.nn.ChannelAffine;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * What a node does that multiplies its input by one constant per channel, or adds one: {@code y =
 * activation(scale·x + shift)}.
 *
 * @param scale factor per channel, or null for ones
 * @param shift summand per channel, or null for zeros
 * @param activation applied last
 */
record Affine(double[] scale, double[] shift, Activation activation) {

  /**
   * The meaning of {@code node}, which reads {@code value} once, or null where it is another.
   *
   * @param axis axis of {@code value} that counts its channels
   */
  static Affine of(GraphEditor editor, Node node, String value, int axis) {
    Shape shape = editor.info(value).shape();
    Dim channels = shape.dim(axis);
    if (!channels.isConstant()) {
      return null;
    }
    int count = Math.toIntExact(channels.value());
    if (node.operator() instanceof ChannelAffine affine) {
      FloatTensor scale = Match.floats(editor, node.input(1));
      FloatTensor shift = Match.floats(editor, node.input(2));
      boolean fits = axis == 1 && node.input(0).equals(value) && scale != null && shift != null;
      return fits ? checked(doubles(scale), doubles(shift), affine.activation()) : null;
    }
    FloatTensor operand = Match.floats(editor, Match.otherOperand(node, value));
    double[] constant = operand == null ? null : perChannel(operand, axis, shape.rank(), count);
    return constant == null ? null : binary(node, constant, node.input(0).equals(value));
  }

  private static Affine binary(Node node, double[] constant, boolean first) {
    if (Match.isBinary(node, "Mul")) {
      return checked(constant, null, Activation.NONE);
    }
    if (Match.isBinary(node, "Add")) {
      return checked(null, constant, Activation.NONE);
    }
    if (Match.isBinary(node, "Div") && first) {
      return checked(map(constant, c -> 1 / c), null, Activation.NONE);
    }
    if (Match.isBinary(node, "Sub")) {
      return first
          ? checked(null, map(constant, c -> -c), Activation.NONE)
          : checked(map(constant, c -> -1), constant, Activation.NONE);
    }
    return null;
  }

  private static double[] map(double[] values, DoubleUnaryOperator f) {
    return Arrays.stream(values).map(f).toArray();
  }

  /** Null where a constant is no finite float: folding it could turn zeros into NaN. */
  private static Affine checked(double[] scale, double[] shift, Activation activation) {
    return isFinite(scale) && isFinite(shift) ? new Affine(scale, shift, activation) : null;
  }

  private static boolean isFinite(double[] values) {
    return values == null || Arrays.stream(values).allMatch(v -> Math.abs(v) <= Float.MAX_VALUE);
  }

  static double[] doubles(Tensor tensor) {
    return IntStream.range(0, tensor.size()).mapToDouble(tensor::doubleAt).toArray();
  }

  /**
   * One element per channel of a constant that is broadcast to {@code rank} axes, or null where it
   * varies along another axis or makes the result larger.
   */
  static double[] perChannel(Tensor constant, int axis, int rank, int channels) {
    int missing = rank - constant.rank();
    if (missing < 0) {
      return null;
    }
    for (int i = 0; i < constant.rank(); i++) {
      boolean channel = i + missing == axis && constant.dim(i) == channels;
      if (constant.dim(i) != 1 && !channel) {
        return null;
      }
    }
    double[] values = new double[channels];
    for (int c = 0; c < channels; c++) {
      values[c] = constant.doubleAt(constant.size() == 1 ? 0 : c);
    }
    return values;
  }

  double scale(int channel) {
    return scale == null ? 1 : scale[channel];
  }

  double shift(int channel) {
    return shift == null ? 0 : shift[channel];
  }

  /** The bias that does for {@code scale·(x + bias) + shift} what {@code bias} did for x. */
  float[] bias(double[] bias, int channels) {
    float[] folded = new float[channels];
    for (int c = 0; c < channels; c++) {
      folded[c] = (float) ((bias == null ? 0 : bias[c]) * scale(c) + shift(c));
    }
    return folded;
  }
}
