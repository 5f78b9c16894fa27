package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Element-wise functions of the contents of small integer tensors. */
public final class FollowedContents {
  private FollowedContents() {}

  /**
   * The result with its contents, where the contents of all inputs are known and the function can
   * tell every element; else with the shape alone.
   *
   * @param f gives null where it cannot tell
   */
  public static ValueInfo fold(
      InferenceContext context, ElementType type, Shape shape, BinaryOperator<Dim> f) {
    boolean vector = shape.hasRank() && shape.rank() <= 1 && shape.isConstant();
    List<Dim> folded = vector ? followed(context) : null;
    for (int i = 1; folded != null && i < context.inputs(); i++) {
      folded = zip(folded, context.contents(i), f);
    }
    return result(type, shape, folded);
  }

  /**
   * As above for functions that choose one of their operands, and so also for lengths that a model
   * holds as floats, as those of early opsets do where integers are not allowed.
   */
  public static ValueInfo choose(
      InferenceContext context, ElementType type, Shape shape, BinaryOperator<Dim> f) {
    boolean vector = shape.hasRank() && shape.rank() <= 1 && shape.isConstant();
    List<Dim> folded = vector ? lengths(context, 0) : null;
    for (int i = 1; folded != null && i < context.inputs(); i++) {
      folded = zip(folded, lengths(context, i), f);
    }
    return result(type, shape, folded);
  }

  private static ValueInfo result(ElementType type, Shape shape, List<Dim> folded) {
    ValueInfo plain = ValueInfo.of(type, shape);
    boolean complete = folded != null && shape.size().is(folded.size());
    return complete ? ValueInfo.ofContents(type, shape.rank() == 0, folded) : plain;
  }

  /**
   * The function of input 0, in its shape, with its contents where they can be told.
   *
   * @param f gives null where it cannot tell
   */
  public static ValueInfo map(InferenceContext context, ElementType type, UnaryOperator<Dim> f) {
    List<Dim> contents = followed(context);
    if (contents != null) {
      List<Dim> mapped = zip(contents, contents, (x, same) -> f.apply(x));
      if (mapped != null) {
        return ValueInfo.ofContents(type, context.shape(0).rank() == 0, mapped);
      }
    }
    return ValueInfo.of(type, context.shape(0));
  }

  /** Contents of input 0, of types whose range is wide enough for lengths, or truth values. */
  private static List<Dim> followed(InferenceContext context) {
    return switch (context.element(0)) {
      case INT32, INT64, BOOL -> context.contents(0);
      default -> null;
    };
  }

  private static List<Dim> lengths(InferenceContext context, int input) {
    Tensor constant = context.constant(input);
    boolean small = constant != null && constant.rank() <= 1;
    if (!small || constant.size() > ValueInfo.MAX_CONTENTS || !constant.type().isFloatingPoint()) {
      return context.contents(input);
    }
    List<Dim> lengths = new ArrayList<>();
    for (int i = 0; i < constant.size(); i++) {
      if (constant.doubleAt(i) != constant.longAt(i)) {
        return null;
      }
      lengths.add(Dim.of(constant.longAt(i)));
    }
    return lengths;
  }

  private static List<Dim> zip(List<Dim> a, List<Dim> b, BinaryOperator<Dim> f) {
    if (b == null || (a.size() != b.size() && a.size() != 1 && b.size() != 1)) {
      return null;
    }
    List<Dim> result = new ArrayList<>();
    int length = a.isEmpty() || b.isEmpty() ? 0 : Math.max(a.size(), b.size());
    for (int i = 0; i < length; i++) {
      Dim element = tell(a.get(a.size() == 1 ? 0 : i), b.get(b.size() == 1 ? 0 : i), f);
      if (element == null) {
        return null;
      }
      result.add(element);
    }
    return result;
  }

  /** f(a, b), or null where it cannot tell or leaves the range of long. */
  public static Dim tell(Dim a, Dim b, BinaryOperator<Dim> f) {
    try {
      return f.apply(a, b);
    } catch (ArithmeticException overflow) {
      return null;
    }
  }
}
