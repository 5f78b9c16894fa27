package io.sparkonnx.engine.op.elementwise;

import java.util.List;

/** How the elements of a common shape are cut into segments that one call works on. */
final class Segments {
  /** Runs shorter than this are gathered into blocks, since a call costs more than the copy. */
  private static final int SHORTEST_RUN = 48;

  private Segments() {}

  /** Length of all segments but the last; runs where operands and result need no blocks. */
  static int length(BroadcastLoop loop, List<? extends Operand<?>> operands, boolean direct) {
    boolean runs = direct;
    for (Operand<?> operand : operands) {
      runs &= operand.isDirect();
    }
    boolean longEnough = loop.run() >= SHORTEST_RUN || loop.run() == loop.size();
    return runs && longEnough ? loop.run() : ArrayArithmetic.BLOCK;
  }
}
