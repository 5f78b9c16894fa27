package io.sparkonnx.engine.op.reduce;

import java.util.ArrayList;
import java.util.List;

/**
 * One stage of a reduction of floats: of [outer, length, inner], the middle goes. Neighbouring
 * reduced axes are one stage. Stages run from the innermost on: the last axes as rows, others as
 * columns. Which it is depends on the axes alone, not on their lengths, so that a batch of one row
 * is summed in the same order as a batch of many.
 *
 * @param last whether the reduced axes are the last ones
 */
record ReductionStage(int outer, int length, int inner, boolean last) {
  /** Number of results. */
  int results() {
    return outer * inner;
  }

  /**
   * The stages in order, at least one.
   *
   * @param reduced for each axis whether it is reduced
   */
  static List<ReductionStage> of(int[] dims, boolean[] reduced) {
    List<ReductionStage> stages = new ArrayList<>();
    int inner = 1;
    boolean last = true;
    for (int to = dims.length; to > 0; ) {
      if (!reduced[to - 1]) {
        inner *= dims[--to];
        last = false;
        continue;
      }
      int length = 1;
      while (to > 0 && reduced[to - 1]) {
        length *= dims[--to];
      }
      stages.add(new ReductionStage(product(dims, to), length, inner, last));
    }
    if (stages.isEmpty()) {
      stages.add(new ReductionStage(inner, 1, 1, true));
    }
    return stages;
  }

  private static int product(int[] dims, int to) {
    int product = 1;
    for (int i = 0; i < to; i++) {
      product *= dims[i];
    }
    return product;
  }
}
