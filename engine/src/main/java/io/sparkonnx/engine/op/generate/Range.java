package io.sparkonnx.engine.op.generate;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.op.tensor.Conversion;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * The numbers start + i·delta from start to before limit, each input a scalar of one type. Numbers
 * of 16 bits are computed as floats and rounded once.
 */
public record Range() implements Operator {
  static Range of(Attributes attributes) {
    return new Range();
  }

  @Override
  public String type() {
    return "Range";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType type = context.requireSame(0, 1);
    context.requireSame(0, 2);
    if (context.constant(0) != null && context.constant(1) != null && context.constant(2) != null) {
      int count = count(context.constant(0), context.constant(1), context.constant(2));
      if (count < 0) {
        throw context.error("delta is 0 or the range has more than 2^31-1 numbers");
      }
      return List.of(info(type, context, Dim.of(count)));
    }
    List<Dim> start = context.contents(0);
    List<Dim> limit = context.contents(1);
    long[] delta = context.constantContents(2);
    if (start == null || limit == null || delta == null) {
      return List.of(ValueInfo.of(type, context.freshShape(1)));
    }
    if (delta[0] == 0) {
      throw context.error("delta is 0");
    }
    Dim span = delta[0] > 0 ? limit.get(0).minus(start.get(0)) : start.get(0).minus(limit.get(0));
    Dim length = span.isNeverNegative() ? span : span.max(Dim.ZERO);
    return List.of(info(type, context, length.ceilDiv(Math.abs(delta[0]))));
  }

  private static ValueInfo info(ElementType type, InferenceContext context, Dim length) {
    List<Dim> start = context.contents(0);
    List<Dim> delta = context.contents(2);
    boolean small = length.isConstant() && length.value() <= ValueInfo.MAX_CONTENTS;
    if (!small || start == null || delta == null) {
      return ValueInfo.of(type, Shape.of(length));
    }
    List<Dim> contents = new ArrayList<>();
    for (int i = 0; i < length.value(); i++) {
      contents.add(start.get(0).plus(delta.get(0).times(i)));
    }
    return ValueInfo.ofContents(type, false, contents);
  }

  /** max(⌈(limit − start) / delta⌉, 0), or −1 where that is no int. */
  private static int count(Tensor start, Tensor limit, Tensor delta) {
    double count;
    if (start.type().isFloatingPoint()) {
      count = Math.ceil((limit.doubleAt(0) - start.doubleAt(0)) / delta.doubleAt(0));
    } else if (delta.longAt(0) == 0) {
      return -1;
    } else {
      long step = delta.longAt(0);
      long span = limit.longAt(0) - start.longAt(0);
      count = -Math.floorDiv(-span, step);
    }
    return count <= Integer.MAX_VALUE ? (int) Math.max(count, 0) : -1;
  }

  /** Row i would hold its own place in the batch, so a range over the rows depends on the batch. */
  @Override
  public List<BatchAxis> batch(BatchContext context) {
    Shape shape = context.output(0).shape();
    boolean sized = context.output(0).contents() != null;
    return sized ? context.all(BatchAxis.SIZE) : context.coupled("numbers " + shape + " rows");
  }

  @Override
  public Step prepare(Preparation preparation) {
    return Range::run;
  }

  private static void run(StepContext context) {
    Tensor start = context.input(0);
    Tensor delta = context.input(2);
    int count = count(start, context.input(1), delta);
    if (count < 0) {
      throw context.error("delta is 0 or the range has more than 2^31-1 numbers");
    }
    Tensor output = context.output(0, count);
    if (output instanceof FloatTensor floats && output.type() == ElementType.FLOAT) {
      reals(
          floats.array(),
          floats.offset(),
          count,
          (float) start.doubleAt(0),
          (float) delta.doubleAt(0));
    } else if (output instanceof LongTensor longs) {
      integers(longs.array(), longs.offset(), count, start.longAt(0), delta.longAt(0));
    } else if (output.type() == ElementType.DOUBLE) {
      double[] numbers = new double[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = start.doubleAt(0) + i * delta.doubleAt(0);
      }
      Conversion.DEFAULT.convert(Tensor.of(numbers, count), output);
    } else if (output.type().isFloatingPoint()) {
      float[] numbers = new float[count];
      reals(numbers, 0, count, (float) start.doubleAt(0), (float) delta.doubleAt(0));
      Conversion.DEFAULT.convert(Tensor.of(numbers, count), output);
    } else {
      long[] numbers = new long[count];
      integers(numbers, 0, count, start.longAt(0), delta.longAt(0));
      Conversion.DEFAULT.convert(Tensor.of(numbers, count), output);
    }
  }

  private static void reals(float[] to, int at, int count, float start, float delta) {
    for (int i = 0; i < count; i++) {
      to[at + i] = start + i * delta;
    }
  }

  private static void integers(long[] to, int at, int count, long start, long delta) {
    for (int i = 0; i < count; i++) {
      to[at + i] = start + i * delta;
    }
  }
}
