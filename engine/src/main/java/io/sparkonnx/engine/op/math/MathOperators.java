package io.sparkonnx.engine.op.math;

import static io.sparkonnx.engine.op.OperatorTable.ONNX;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.OperatorFactory;
import io.sparkonnx.engine.op.OperatorTable;
import io.sparkonnx.engine.op.elementwise.Alignment;
import io.sparkonnx.engine.op.elementwise.Arithmetic;
import io.sparkonnx.engine.op.elementwise.FoldOperator;
import io.sparkonnx.engine.op.elementwise.Types;

/** The element-wise arithmetic and the activations. */
public final class MathOperators {
  private MathOperators() {}

  public static void register(OperatorTable table) {
    binary(table, "Add", Arithmetic.ADD);
    binary(table, "Sub", Arithmetic.SUB);
    binary(table, "Mul", Arithmetic.MUL);
    binary(table, "Div", Arithmetic.DIV);
    variadic(table, "Sum", Arithmetic.ADD, false);
    variadic(table, "Mean", Arithmetic.ADD, true);
    variadic(table, "Min", Arithmetic.MIN, false);
    variadic(table, "Max", Arithmetic.MAX, false);
    table
        .add(ONNX, "Mod", 10, MathOperators::mod)
        .add(ONNX, "Pow", 1, a -> new Pow(Alignment.ofAttributes(a)))
        .add(ONNX, "Pow", 7, a -> new Pow(Alignment.FROM_END))
        .add(ONNX, "PRelu", 1, a -> PRelu.aligned(Alignment.CHANNELS))
        .add(ONNX, "PRelu", 7, a -> PRelu.aligned(Alignment.FROM_END))
        .add(ONNX, "Clip", 1, Clip::fromAttributes)
        .add(ONNX, "Clip", 11, a -> new Clip(null, null));
    plain(table);
    activations(table);
  }

  /** Gelu by the error function. */
  public static Operator gelu() {
    return new Unary("Gelu", UnaryRow.GELU, 0, 0);
  }

  /** x times the sigmoid of x. */
  public static Operator swish() {
    return new Unary("Swish", UnaryRow.SWISH, 1, 0);
  }

  /** x times the hard sigmoid of x. */
  public static Operator hardSwish() {
    return new Unary("HardSwish", UnaryRow.HARD_SWISH, 0, 0);
  }

  private static void plain(OperatorTable table) {
    table
        .add(ONNX, "Abs", 1, unary("Abs", UnaryRow.ABS))
        .add(ONNX, "Neg", 1, unary("Neg", UnaryRow.NEG))
        .add(ONNX, "Sign", 9, unary("Sign", UnaryRow.SIGN))
        .add(ONNX, "Floor", 1, unary("Floor", UnaryRow.FLOOR))
        .add(ONNX, "Ceil", 1, unary("Ceil", UnaryRow.CEIL))
        .add(ONNX, "Round", 11, unary("Round", UnaryRow.ROUND))
        .add(ONNX, "Sqrt", 1, unary("Sqrt", UnaryRow.SQRT))
        .add(ONNX, "Reciprocal", 1, unary("Reciprocal", UnaryRow.RECIPROCAL))
        .add(ONNX, "Exp", 1, unary("Exp", UnaryRow.EXP))
        .add(ONNX, "Log", 1, unary("Log", UnaryRow.LOG))
        .add(ONNX, "Erf", 9, unary("Erf", UnaryRow.ERF))
        .add(ONNX, "Sin", 7, unary("Sin", UnaryRow.SIN))
        .add(ONNX, "Cos", 7, unary("Cos", UnaryRow.COS))
        .add(ONNX, "Tan", 7, unary("Tan", UnaryRow.TAN))
        .add(ONNX, "Asin", 7, unary("Asin", UnaryRow.ASIN))
        .add(ONNX, "Acos", 7, unary("Acos", UnaryRow.ACOS))
        .add(ONNX, "Atan", 7, unary("Atan", UnaryRow.ATAN))
        .add(ONNX, "Sinh", 9, unary("Sinh", UnaryRow.SINH))
        .add(ONNX, "Cosh", 9, unary("Cosh", UnaryRow.COSH))
        .add(ONNX, "Asinh", 9, unary("Asinh", UnaryRow.ASINH))
        .add(ONNX, "Acosh", 9, unary("Acosh", UnaryRow.ACOSH))
        .add(ONNX, "Atanh", 9, unary("Atanh", UnaryRow.ATANH))
        .add(ONNX, "Tanh", 1, unary("Tanh", UnaryRow.TANH));
  }

  private static void activations(OperatorTable table) {
    table
        .add(ONNX, "Relu", 1, unary("Relu", UnaryRow.RELU))
        .add(ONNX, "LeakyRelu", 1, unary("LeakyRelu", UnaryRow.LEAKY_RELU, 0.01f, 0))
        .add(ONNX, "ThresholdedRelu", 1, unary("ThresholdedRelu", UnaryRow.THRESHOLDED_RELU, 1, 0))
        .add(ONNX, "Elu", 1, unary("Elu", UnaryRow.ELU, 1, 0))
        .add(ONNX, "Celu", 12, unary("Celu", UnaryRow.CELU, 1, 0))
        .add(ONNX, "Selu", 1, a -> selu(a, 1.6732f, 1.0507f))
        .add(ONNX, "Selu", 6, a -> selu(a, 1.67326319217681884765625f, 1.05070102214813232421875f))
        .add(ONNX, "Sigmoid", 1, unary("Sigmoid", UnaryRow.SIGMOID))
        .add(ONNX, "HardSigmoid", 1, unary("HardSigmoid", UnaryRow.HARD_SIGMOID, 0.2f, 0.5f))
        .add(ONNX, "HardSwish", 14, unary("HardSwish", UnaryRow.HARD_SWISH))
        .add(ONNX, "Softplus", 1, unary("Softplus", UnaryRow.SOFTPLUS))
        .add(ONNX, "Softsign", 1, unary("Softsign", UnaryRow.SOFTSIGN))
        .add(ONNX, "Mish", 18, unary("Mish", UnaryRow.MISH))
        .add(ONNX, "Swish", 24, unary("Swish", UnaryRow.SWISH, 1, 0))
        .add(ONNX, "Gelu", 20, MathOperators::gelu);
  }

  private static void binary(OperatorTable table, String type, Arithmetic f) {
    table
        .add(ONNX, type, 1, a -> fold(type, f, Alignment.ofAttributes(a), false))
        .add(ONNX, type, 7, a -> fold(type, f, Alignment.FROM_END, false));
  }

  private static void variadic(OperatorTable table, String type, Arithmetic f, boolean mean) {
    table.add(ONNX, type, 1, a -> fold(type, f, Alignment.FROM_END, mean));
  }

  private static Operator fold(String type, Arithmetic f, Alignment alignment, boolean mean) {
    return new FoldOperator(type, f, Types.NUMBERS, alignment, mean);
  }

  private static Operator mod(Attributes attributes) {
    Arithmetic f = attributes.flag("fmod", false) ? Arithmetic.REMAINDER : Arithmetic.MOD;
    return fold("Mod", f, Alignment.FROM_END, false);
  }

  private static OperatorFactory unary(String type, UnaryRow row) {
    return attributes -> new Unary(type, row, 0, 0);
  }

  /** A row whose parameters are the attributes {@code alpha} and {@code beta}. */
  private static OperatorFactory unary(String type, UnaryRow row, float alpha, float beta) {
    return a -> new Unary(type, row, a.real("alpha", alpha), a.real("beta", beta));
  }

  private static Operator selu(Attributes attributes, float alpha, float gamma) {
    return new Unary(
        "Selu", UnaryRow.SELU, attributes.real("alpha", alpha), attributes.real("gamma", gamma));
  }

  private static Operator gelu(Attributes attributes) {
    String approximate = attributes.string("approximate", "none");
    return switch (approximate) {
      case "none" -> new Unary("Gelu", UnaryRow.GELU, 0, 0);
      case "tanh" -> new Unary("Gelu", UnaryRow.GELU_TANH, 0, 0);
      default ->
          throw attributes.error("approximate is '" + approximate + "', expected none or tanh");
    };
  }
}
