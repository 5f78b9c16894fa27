package io.sparkonnx.engine.type;

/** How a tensor's elements lie in memory. */
public enum Layout {
  /** The last axis is contiguous. ONNX's own order. */
  ROW_MAJOR,
  /** A matrix [rows, features] by columns: the rows of one feature are contiguous. */
  FEATURE_MAJOR,
  /** An image [N, C, spatial…] in blocks of channels that lie together per pixel. */
  CHANNEL_BLOCKED
}
