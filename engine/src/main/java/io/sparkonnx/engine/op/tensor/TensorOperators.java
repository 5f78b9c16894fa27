package io.sparkonnx.engine.op.tensor;

import static io.sparkonnx.engine.op.OperatorTable.ONNX;

import io.sparkonnx.engine.op.OperatorTable;

/** The family of operators that move elements or deal with shapes. */
public final class TensorOperators {
  private TensorOperators() {}

  public static void register(OperatorTable table) {
    views(table);
    picks(table);
    table
        .add(ONNX, "Cast", 1, Cast::toNamed)
        .add(ONNX, "Cast", 6, Cast::toCode)
        .add(ONNX, "CastLike", 15, Cast::like)
        .add(ONNX, "Concat", 1, Concat::withDefault)
        .add(ONNX, "Concat", 4, Concat::of)
        .add(ONNX, "DepthToSpace", 1, Blocks::depthToSpace)
        .add(ONNX, "Expand", 8, Expand::of)
        .add(ONNX, "Gather", 1, Gather::of)
        .add(ONNX, "Resize", 10, Resize::byScales)
        .add(ONNX, "Resize", 11, Resize::of)
        .add(ONNX, "Shape", 1, ShapeOf::of)
        .add(ONNX, "Size", 1, Size::of)
        .add(ONNX, "Slice", 1, Slice::fromAttributes)
        .add(ONNX, "Slice", 10, Slice::fromInputs)
        .add(ONNX, "SpaceToDepth", 1, Blocks::spaceToDepth)
        .add(ONNX, "Split", 1, Split::of)
        .add(ONNX, "Split", 18, Split::intoParts)
        .add(ONNX, "Tile", 1, Tile::alongOneAxis)
        .add(ONNX, "Tile", 6, Tile::of)
        .add(ONNX, "Transpose", 1, Transpose::of)
        .add(ONNX, "Upsample", 1, Resize::upsampleImages)
        .add(ONNX, "Upsample", 7, Resize::upsample)
        .add(ONNX, "Upsample", 9, Resize::upsampleByInput)
        .add(ONNX, "Where", 9, Where::of);
  }

  private static void picks(OperatorTable table) {
    table
        .add(ONNX, "Compress", 9, Compress::of)
        .add(ONNX, "CumSum", 11, CumSum::of)
        .add(ONNX, "GatherElements", 11, GatherElements::of)
        .add(ONNX, "GatherND", 11, GatherNd::of)
        .add(ONNX, "NonZero", 9, NonZero::of)
        .add(ONNX, "OneHot", 9, OneHot::of)
        .add(ONNX, "OneHot", 11, OneHot::fromEnd)
        .add(ONNX, "Pad", 1, Pad::fromPaddings)
        .add(ONNX, "Pad", 2, Pad::fromPads)
        .add(ONNX, "Pad", 11, Pad::fromInput)
        .add(ONNX, "ReverseSequence", 10, ReverseSequence::of)
        .add(ONNX, "Scatter", 9, ScatterElements::scatter)
        .add(ONNX, "ScatterElements", 11, ScatterElements::of)
        .add(ONNX, "ScatterND", 11, ScatterNd::of)
        .add(ONNX, "TopK", 1, TopK::fromAttribute)
        .add(ONNX, "TopK", 10, TopK::fromInput)
        .add(ONNX, "Trilu", 14, Trilu::of)
        .add(ONNX, "Unique", 11, Unique::of);
  }

  private static void views(OperatorTable table) {
    table
        .add(ONNX, "Dropout", 1, Dropout::withTypedMask)
        .add(ONNX, "Dropout", 10, Dropout::withBoolMask)
        .add(ONNX, "Dropout", 12, TrainableDropout::of)
        .add(ONNX, "Flatten", 1, Flatten::of)
        .add(ONNX, "Identity", 1, Identity::of)
        .add(ONNX, "Reshape", 1, Reshape::fromAttribute)
        .add(ONNX, "Reshape", 5, Reshape::fromInput)
        .add(ONNX, "Squeeze", 1, Squeeze::fromAttribute)
        .add(ONNX, "Squeeze", 13, Squeeze::fromInput)
        .add(ONNX, "Unsqueeze", 1, Unsqueeze::fromAttribute)
        .add(ONNX, "Unsqueeze", 13, Unsqueeze::fromInput);
  }
}
