package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.RunOptions;
import io.sparkonnx.engine.tensor.OnnxValue;

/**
 * One run and its blocks of rows.
 *
 * @param inputs in the plan's order
 * @param options bounds on the run
 * @param memory what the run holds
 * @param results where outputs go
 * @param total rows of the run
 * @param blockRows rows of a block; the last one may have fewer
 * @param full binding of a block of {@code blockRows}
 * @param last binding of the last block
 */
record BlockRun(
    OnnxValue[] inputs,
    RunOptions options,
    RunMemory memory,
    ResultCollector results,
    int total,
    int blockRows,
    Binding full,
    Binding last) {

  /** Number of blocks for so many rows; an empty run has one. */
  static int blocks(int total, int blockRows) {
    return total == 0 ? 1 : (total - 1) / blockRows + 1;
  }

  int blocks() {
    return blocks(total, blockRows);
  }

  int from(int block) {
    return block * blockRows;
  }

  int rows(int block) {
    return Math.min(blockRows, total - from(block));
  }

  Binding binding(int block) {
    return block == blocks() - 1 ? last : full;
  }
}
