package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.kernel.opencl.ElementwiseKernels;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Axis i of the output is axis {@code perm[i]} of the input; without perm the order is reversed.
 */
public final class Transpose implements Operator {
  private final long[] perm;

  private Transpose(long[] perm) {
    this.perm = perm;
  }

  static Transpose of(Attributes attributes) {
    return new Transpose(attributes.integers("perm"));
  }

  /** A transposition whose output axis i is the input's axis {@code permutation[i]}. */
  public static Transpose by(int... permutation) {
    return new Transpose(IntStream.of(permutation).asLongStream().toArray());
  }

  @Override
  public String type() {
    return "Transpose";
  }

  /** The permutation for inputs of {@code rank} axes. */
  public int[] permutation(int rank) {
    return IntStream.range(0, rank).map(i -> perm == null ? rank - 1 - i : (int) perm[i]).toArray();
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Shape from = context.shape(0);
    if (!from.hasRank()) {
      Shape shape = perm == null ? Shape.UNKNOWN : context.freshShape(perm.length);
      return List.of(ValueInfo.of(context.element(0), shape));
    }
    int rank = from.rank();
    if (perm != null && perm.length != rank) {
      throw context.error("perm has " + perm.length + " axes but the input " + rank);
    }
    if (perm != null) {
      for (long axis : perm) {
        if (axis < 0 || axis >= rank) {
          throw context.error("perm has axis " + axis + ", outside 0 to " + (rank - 1));
        }
      }
      Integers.axes(context, perm, rank);
    }
    int[] permutation = permutation(rank);
    List<Dim> dims = IntStream.of(permutation).mapToObj(from::dim).toList();
    TensorType type = new TensorType(context.element(0), Shape.of(dims));
    return List.of(new ValueInfo(type, context.contents(0), null));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    BatchAxis axis = context.axis(0);
    if (!axis.isRows()) {
      return context.all(axis);
    }
    int[] permutation = permutation(context.input(0).shape().rank());
    int moved =
        IntStream.range(0, permutation.length)
            .filter(i -> permutation[i] == axis.axis())
            .findFirst()
            .getAsInt();
    return context.all(BatchAxis.rows(moved));
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return this::transposeOnDevice;
  }

  private void transposeOnDevice(DeviceContext context) {
    int[] to = context.outputDims();
    ElementwiseKernels.copy(
        context.queue(),
        context.input(0),
        permuted(StridedCopy.strides(context.dims(0))),
        context.output(),
        StridedCopy.strides(to),
        to);
  }

  /** The input's strides in the order of the output's axes. */
  private int[] permuted(int[] strides) {
    return IntStream.of(permutation(strides.length)).map(axis -> strides[axis]).toArray();
  }

  @Override
  public Step prepare(Preparation preparation) {
    return Movement.copying(this, (context, data, outputs) -> copies(data[0], outputs[0]), 0);
  }

  private Copies copies(Tensor input, Tensor output) {
    int[] dims = output.dims();
    int[] strides = permuted(StridedCopy.strides(input.dims()));
    return Copies.one(input, 0, strides, dims, StridedCopy.strides(dims));
  }
}
