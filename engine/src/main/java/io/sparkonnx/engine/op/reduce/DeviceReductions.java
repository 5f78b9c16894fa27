package io.sparkonnx.engine.op.reduce;

import io.sparkonnx.engine.device.DeviceQueue;
import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.kernel.ReduceFunction;
import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.kernel.opencl.ElementwiseKernels;
import io.sparkonnx.engine.kernel.opencl.ReductionKernels;
import io.sparkonnx.engine.kernel.opencl.RowKernels;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import java.util.List;

/** {@link FloatReduction} on a device. */
final class DeviceReductions {
  private DeviceReductions() {}

  /**
   * The step that reduces input 0.
   *
   * @param reduced for each axis of input 0 whether it is reduced
   */
  static DeviceStep step(Reduction f, boolean[] reduced, Shape shape) {
    return DeviceStep.withScratch(between(shape, reduced), context -> reduce(f, reduced, context));
  }

  /** Results of all stages but the last. */
  private static Dim between(Shape shape, boolean[] reduced) {
    Dim between = Dim.ZERO;
    Dim kept = Dim.ONE;
    for (int axis = shape.rank() - 1; axis > 0; axis--) {
      kept = reduced[axis] ? kept : kept.times(shape.dim(axis));
      boolean ends = reduced[axis] && !reduced[axis - 1];
      if (ends && anyBefore(reduced, axis)) {
        between = between.plus(shape.product(0, axis).times(kept));
      }
    }
    return between;
  }

  private static boolean anyBefore(boolean[] reduced, int to) {
    for (int axis = 0; axis < to; axis++) {
      if (reduced[axis]) {
        return true;
      }
    }
    return false;
  }

  private static void reduce(Reduction f, boolean[] reduced, DeviceContext context) {
    int results = DeviceForms.size(context.outputDims());
    if (results == 0) {
      return;
    }
    List<ReductionStage> stages = ReductionStage.of(context.dims(0), reduced);
    int between = 0;
    int count = 1;
    for (ReductionStage stage : stages) {
      between += stage.results();
      count *= stage.length();
    }
    between -= results;
    DeviceArray present = context.input(0);
    DeviceArray free = between > 0 ? context.scratch(between) : context.output();
    ReduceFunction function = f.first();
    for (int i = 0; i < stages.size(); i++) {
      ReductionStage stage = stages.get(i);
      DeviceArray result = i == stages.size() - 1 ? context.output() : free;
      stage(context.queue(), f, function, stage, present, result);
      free = new DeviceArray(free.buffer(), free.offset() + stage.results());
      present = result;
      function = f.further();
    }
    finish(f, count, results, context);
  }

  private static void stage(
      DeviceQueue queue,
      Reduction f,
      ReduceFunction function,
      ReductionStage s,
      DeviceArray x,
      DeviceArray y) {
    if (f == Reduction.LOG_SUM_EXP && s.last()) {
      ReductionKernels.logSumExpRows(queue, x, s.outer(), s.length(), y);
    } else if (f == Reduction.LOG_SUM_EXP) {
      ReductionKernels.logSumExpColumns(queue, x, s.outer(), s.length(), s.inner(), y);
    } else if (s.last()) {
      RowKernels.reduceRows(queue, function, x, s.outer(), s.length(), y);
    } else {
      RowKernels.reduceColumns(queue, function, x, s.outer(), s.length(), s.inner(), y);
    }
  }

  private static void finish(Reduction f, int count, int results, DeviceContext context) {
    int[] flat = {results};
    switch (f) {
      case MEAN ->
          DeviceForms.binary(
              context,
              BinaryFunction.DIV,
              context.output(),
              flat,
              context.number(count),
              new int[0],
              flat);
      case L2 -> map(UnaryFunction.SQRT, results, context);
      case LOG_SUM -> map(UnaryFunction.LOG, results, context);
      default -> {}
    }
  }

  private static void map(UnaryFunction function, int length, DeviceContext context) {
    DeviceArray y = context.output();
    ElementwiseKernels.unary(context.queue(), function, 0f, 0f, y, y, length);
  }

  /** Copies input 0 to the output. */
  static void copy(DeviceContext context) {
    int[] flat = DeviceForms.padded(new int[] {DeviceForms.size(context.dims(0))});
    int[] strides = DeviceForms.strides(flat);
    ElementwiseKernels.copy(
        context.queue(), context.input(0), strides, context.output(), strides, flat);
  }
}
