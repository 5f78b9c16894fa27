package io.sparkonnx.engine.op.elementwise;

import java.util.List;

/** How the elements of a common shape are cut into segments that one call works on. */
final class Segments {
  /** Runs shorter than this are gathered into blocks, since a call costs more than the copy. */
  private static final int SHORTEST_RUN = 48;

  private Segments() {}

  /**
   * Length of all segments but the last: that of the innermost run where no operand needs a block;
   * else of a block, of whole periods if there are operands that begin again after some.
   *
   * @param direct whether the result needs no block
   */
  static <A> int length(
      ArrayArithmetic<A> over, BroadcastLoop loop, List<Operand<A>> operands, boolean direct) {
    boolean runs = direct;
    int period = 1;
    for (Operand<A> operand : operands) {
      runs &= operand.isDirect();
      if (!operand.isContiguous() && operand.period() <= over.longestBlock()) {
        period = Math.max(period, operand.period());
      }
    }
    if (runs && (loop.run() >= SHORTEST_RUN || loop.run() == loop.size())) {
      return loop.run();
    }
    int block = ArrayArithmetic.BLOCK;
    return Math.min(loop.size(), period * Math.max(1, block / period));
  }
}
