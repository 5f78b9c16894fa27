package io.sparkonnx.engine.op.reduce;

import io.sparkonnx.engine.device.DeviceQueue;
import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.kernel.opencl.ReductionKernels;
import io.sparkonnx.engine.kernel.opencl.RowKernels;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.elementwise.Types;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Softmax, LogSoftmax and Hardmax. Before opset 13 the input counts as a matrix whose rows are all
 * axes from {@code axis} on; from then on only that axis is normalised.
 *
 * @param matrix whether the input counts as a matrix
 */
public record Normalized(String type, RowFunction f, long axis, boolean matrix)
    implements Operator {

  static Normalized asMatrix(String type, RowFunction f, Attributes attributes) {
    return new Normalized(type, f, attributes.integer("axis", 1), true);
  }

  static Normalized alongAxis(String type, RowFunction f, Attributes attributes) {
    return new Normalized(type, f, attributes.integer("axis", -1), false);
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType element = Types.FLOATS.require(context, 0);
    Shape shape = context.shape(0);
    boolean whole = shape.hasRank() && matrix && axis == shape.rank();
    if (shape.hasRank() && shape.rank() > 0 && !whole) {
      context.axis(axis, shape.rank());
    }
    return List.of(ValueInfo.of(element, shape));
  }

  private int from(int rank) {
    return (int) (axis < 0 ? Math.max(0, axis + rank) : Math.min(axis, rank));
  }

  private int to(int rank) {
    return matrix ? rank : Math.min(rank, from(rank) + 1);
  }

  /** Whether this is the softmax along the last of {@code rank} axes alone. */
  public boolean isSoftmaxOfRows(int rank) {
    return f == RowFunction.SOFTMAX && from(rank) == rank - 1 && to(rank) == rank;
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    if (!context.axis(0).isRows()) {
      return context.keepsAxis();
    }
    int rank = context.input(0).shape().rank();
    return context.keepsAxis(IntStream.range(from(rank), to(rank)).toArray());
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Shape shape = outputs.get(0).shape();
    return shape.hasRank() ? shape.size().times(4) : Dim.ZERO;
  }

  @Override
  public boolean canOverwrite(int input) {
    return true;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    int rank = preparation.rank(0);
    return f == RowFunction.HARDMAX ? null : context -> softmax(context, from(rank), to(rank));
  }

  private void softmax(DeviceContext context, int from, int to) {
    int[] dims = context.dims(0);
    int outer = DeviceForms.size(Arrays.copyOf(dims, from));
    int length = DeviceForms.size(Arrays.copyOfRange(dims, from, to));
    int inner = DeviceForms.size(Arrays.copyOfRange(dims, to, dims.length));
    boolean logarithm = f == RowFunction.LOG_SOFTMAX;
    DeviceQueue queue = context.queue();
    DeviceArray x = context.input(0);
    if (to == dims.length) {
      RowKernels.softmax(queue, logarithm, x, outer, length, context.output());
    } else {
      ReductionKernels.softmaxColumns(queue, logarithm, x, outer, length, inner, context.output());
    }
  }

  @Override
  public Step prepare(Preparation preparation) {
    ElementType element = preparation.input(0).element();
    FloatRows rows = new FloatRows(f, preparation.kernels().softmax());
    FloatColumns columns = new FloatColumns(f, preparation.kernels());
    return context -> {
      Tensor x = context.input(0);
      Tensor y = context.output(0);
      Split split = Split.of(x, from(x.rank()), to(x.rank()));
      if (y.size() == 0) {
        return;
      }
      if (element == ElementType.DOUBLE) {
        DoubleRows.run(f, split, x, y);
      } else if (to(x.rank()) == x.rank()) {
        rows.run(context.scratch(), split, x, y);
      } else {
        columns.run(context.scratch(), split, x, y);
      }
    };
  }
}
