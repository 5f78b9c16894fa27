package io.sparkonnx.engine.op.nn;

import static io.sparkonnx.engine.op.OperatorTable.ONNX;

import io.sparkonnx.engine.op.OperatorTable;

/** Convolutions, pooling and normalisation. */
public final class NnOperators {
  private NnOperators() {}

  public static void register(OperatorTable table) {
    table
        .add(ONNX, "Conv", 1, Conv::of)
        .add(ONNX, "ConvTranspose", 1, ConvTranspose::of)
        .add(ONNX, "MaxPool", 1, MaxPool::of)
        .add(ONNX, "AveragePool", 1, AveragePool::of)
        .add(ONNX, "LpPool", 1, LpPool::of)
        .add(ONNX, "GlobalAveragePool", 1, GlobalPool::average)
        .add(ONNX, "GlobalMaxPool", 1, GlobalPool::max)
        .add(ONNX, "GlobalLpPool", 1, GlobalPool::norm)
        .add(ONNX, "BatchNormalization", 1, BatchNormalization::legacy)
        .add(ONNX, "BatchNormalization", 9, BatchNormalization::of)
        .add(ONNX, "InstanceNormalization", 1, GroupNormalization::instance)
        .add(ONNX, "GroupNormalization", 18, GroupNormalization::perGroup)
        .add(ONNX, "GroupNormalization", 21, GroupNormalization::perChannel)
        .add(ONNX, "LayerNormalization", 17, LayerNormalization::of)
        .add(ONNX, "RMSNormalization", 23, RmsNormalization::of)
        .add(ONNX, "LRN", 1, LocalResponseNormalization::of)
        .add(ONNX, "LpNormalization", 1, LpNormalization::of)
        .add(ONNX, "MeanVarianceNormalization", 9, MeanVarianceNormalization::of);
  }
}
