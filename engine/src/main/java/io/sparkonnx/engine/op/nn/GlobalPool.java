package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.kernel.ReduceFunction;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.HalfPrecision;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * GlobalAveragePool, GlobalMaxPool and GlobalLpPool: one element for each channel of X[N, C, in…],
 * in shape [N, C, 1…].
 *
 * @param kind what becomes of a channel's elements
 * @param power the norm's order, for {@link Kind#NORM}
 */
record GlobalPool(Kind kind, Power power) implements Operator {
  /** What becomes of a channel's elements. */
  enum Kind {
    AVERAGE("GlobalAveragePool"),
    MAX("GlobalMaxPool"),
    NORM("GlobalLpPool");

    private final String type;

    Kind(String type) {
      this.type = type;
    }
  }

  static GlobalPool average(Attributes attributes) {
    return new GlobalPool(Kind.AVERAGE, null);
  }

  static GlobalPool max(Attributes attributes) {
    return new GlobalPool(Kind.MAX, null);
  }

  static GlobalPool norm(Attributes attributes) {
    return new GlobalPool(Kind.NORM, Power.of(attributes));
  }

  @Override
  public String type() {
    return kind.type;
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType type =
        context.require(
            0, ElementType.FLOAT, ElementType.DOUBLE, ElementType.FLOAT16, ElementType.BFLOAT16);
    Shape x = context.shape(0);
    if (!x.hasRank()) {
      return List.of(ValueInfo.of(type, x));
    }
    ImageShape.require(context, "X", x, 0);
    List<Dim> dims = new ArrayList<>(x.dims().subList(0, 2));
    while (dims.size() < x.rank()) {
      dims.add(Dim.ONE);
    }
    return List.of(ValueInfo.of(type, Shape.of(dims)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return Pooling.batch(context);
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Shape x = inputs.get(0).shape();
    return x.hasRank() ? x.size() : Dim.ZERO;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return switch (kind) {
      case AVERAGE -> context -> DeviceWindows.reduced(context, ReduceFunction.SUM, true);
      case MAX -> context -> DeviceWindows.reduced(context, ReduceFunction.MAX, false);
      case NORM -> DeviceWindows.norm(power, preparation);
    };
  }

  @Override
  public Step prepare(Preparation preparation) {
    ElementType type = preparation.input(0).element();
    if (type == ElementType.DOUBLE) {
      return this::runDoubles;
    }
    return HalfPrecision.isHalf(type)
        ? HalfPrecision.prepare(preparation, p -> this::runFloats)
        : this::runFloats;
  }

  private void runFloats(StepContext context) {
    FloatTensor x = context.floats(0);
    FloatTensor y = context.floatOutput(0);
    Kernels kernels = context.kernels();
    int rows = y.size();
    int length = TrailingAxes.length(x, 2);
    switch (kind) {
      case AVERAGE -> {
        reduce(kernels, ReduceFunction.SUM, x.array(), x.offset(), rows, length, y);
        for (int i = 0; i < rows; i++) {
          y.array()[y.offset() + i] /= length;
        }
      }
      case MAX -> reduce(kernels, ReduceFunction.MAX, x.array(), x.offset(), rows, length, y);
      case NORM -> norm(kernels, context.scratch(), x, rows, length, y);
    }
  }

  private void norm(
      Kernels kernels, Scratch scratch, FloatTensor x, int rows, int length, FloatTensor y) {
    float[] powers = scratch.floats(Scratch.OPERATOR, x.size());
    power.raise(kernels, x.array(), x.offset(), powers, 0, x.size());
    reduce(kernels, ReduceFunction.SUM, powers, 0, rows, length, y);
    power.root(kernels, y.array(), y.offset(), rows);
  }

  private static void reduce(
      Kernels kernels,
      ReduceFunction function,
      float[] x,
      int offset,
      int rows,
      int length,
      FloatTensor y) {
    kernels.reduce().rows(function, x, offset, rows, length, y.array(), y.offset());
  }

  private void runDoubles(StepContext context) {
    DoubleTensor x = context.doubles(0);
    DoubleTensor y = (DoubleTensor) context.output(0);
    int length = Taps.product(ImageShape.spatial(x));
    for (int row = 0; row < y.size(); row++) {
      double result = kind == Kind.MAX ? Double.NEGATIVE_INFINITY : 0;
      for (int i = 0; i < length; i++) {
        double element = x.array()[x.offset() + row * length + i];
        result =
            switch (kind) {
              case AVERAGE -> result + element;
              case MAX -> Math.max(result, element);
              case NORM -> result + power.raise(element);
            };
      }
      y.array()[y.offset() + row] =
          switch (kind) {
            case AVERAGE -> result / length;
            case MAX -> result;
            case NORM -> power.root(result);
          };
    }
  }
}
