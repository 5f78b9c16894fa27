package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.kernel.opencl.ElementwiseKernels;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
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
import java.util.List;

/**
 * DepthToSpace [N, C, H, W] → [N, C/b², H·b, W·b] and its reverse SpaceToDepth. Within the depth
 * axis the place in the block is the outer index ({@code DCR}) or the inner one ({@code CRD}, from
 * opset 11; SpaceToDepth from 28).
 *
 * @param toSpace whether this is DepthToSpace
 * @param size b
 * @param channelOuter whether the mode is CRD
 */
public record Blocks(boolean toSpace, int size, boolean channelOuter) implements Operator {
  static Blocks depthToSpace(Attributes attributes) {
    return of(attributes, true);
  }

  static Blocks spaceToDepth(Attributes attributes) {
    return of(attributes, false);
  }

  private static Blocks of(Attributes attributes, boolean toSpace) {
    long size = attributes.integer("blocksize");
    String mode = attributes.string("mode", "DCR");
    if (size < 1 || size > 1 << 15) {
      throw attributes.error("blocksize is " + size + ", expected 1 or more");
    }
    if (!mode.equals("DCR") && !mode.equals("CRD")) {
      throw attributes.error("mode is '" + mode + "', expected DCR or CRD");
    }
    return new Blocks(toSpace, (int) size, mode.equals("CRD"));
  }

  @Override
  public String type() {
    return toSpace ? "DepthToSpace" : "SpaceToDepth";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Shape from = context.shape(0);
    if (!from.hasRank()) {
      return List.of(ValueInfo.of(context.element(0), context.freshShape(4)));
    }
    if (from.rank() != 4) {
      throw context.error("input is " + from + ", expected [N, C, H, W]");
    }
    long square = (long) size * size;
    Shape shape =
        toSpace
            ? Shape.of(
                from.dim(0),
                divided(context, from, 1, square),
                from.dim(2).times(size),
                from.dim(3).times(size))
            : Shape.of(
                from.dim(0),
                from.dim(1).times(square),
                divided(context, from, 2, size),
                divided(context, from, 3, size));
    return List.of(ValueInfo.of(context.element(0), shape));
  }

  private static Dim divided(InferenceContext context, Shape from, int axis, long divisor) {
    Dim dim = from.dim(axis);
    if (dim.isConstant() && dim.value() % divisor != 0) {
      throw context.error("axis " + axis + " of " + from + " is no multiple of " + divisor);
    }
    return dim.floorDiv(divisor);
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.keepsAxis(1, 2, 3);
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return context -> {
      Box box = box(toSpace ? context.outputDims() : context.dims(0));
      ElementwiseKernels.copy(
          context.queue(),
          context.input(0),
          toSpace ? box.depth : box.rows,
          context.output(),
          toSpace ? box.rows : box.depth,
          box.dims);
    };
  }

  @Override
  public Step prepare(Preparation preparation) {
    return Movement.copying(this, (context, data, outputs) -> copies(data[0], outputs[0]), 0);
  }

  private Copies copies(Tensor input, Tensor output) {
    Box box = box(toSpace ? output.dims() : input.dims());
    int[] from = toSpace ? box.depth : box.rows;
    return Copies.one(input, 0, from, box.dims, toSpace ? box.rows : box.depth);
  }

  /**
   * The box [N, C, H, b, W, b], in which space is row-major.
   *
   * @param rows strides in space
   * @param depth strides on the other side
   */
  private record Box(int[] dims, int[] rows, int[] depth) {}

  private Box box(int[] space) {
    int channels = space[1];
    int high = space[2] / size;
    int wide = space[3] / size;
    int[] dims = {space[0], channels, high, size, wide, size};
    int plane = high * wide;
    int channel = channelOuter ? size * size * plane : plane;
    int column = channelOuter ? plane : channels * plane;
    int[] depth = {channels * size * size * plane, channel, wide, column * size, 1, column};
    return new Box(dims, StridedCopy.strides(dims), depth);
  }
}
