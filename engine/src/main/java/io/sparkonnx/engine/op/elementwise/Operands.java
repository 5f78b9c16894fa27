package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * What an element-wise step makes of its shapes: its operands, broadcast to the output's shape and
 * read segment by segment. For one thread.
 *
 * @param <A> float[], double[] or long[]
 */
final class Operands<A> {
  private final int[] inputs;
  private final List<Operand<A>> operands = new ArrayList<>();
  private final Run<A> result = new Run<>();
  private final int size;
  private final int segment;

  private Operands(
      StepContext context,
      ArrayArithmetic<A> over,
      Alignment alignment,
      int[] inputs,
      Tensor output,
      boolean direct) {
    this.inputs = inputs;
    int[][] dims = new int[inputs.length][];
    for (int k = 0; k < dims.length; k++) {
      dims[k] = context.input(inputs[k]).dims();
      dims[k] = k == 0 ? dims[k] : alignment.aligned(dims[0], dims[k]);
    }
    BroadcastLoop loop = BroadcastLoop.of(context, output.dims(), dims);
    for (int k = 0; k < inputs.length; k++) {
      boolean ownSlot = k == 0 || inputs.length == 2;
      boolean held = over.holds(context.input(inputs[k]).type());
      operands.add(new Operand<>(over, held, loop, k, Math.min(k, 1), ownSlot));
    }
    this.size = loop.size();
    this.segment = Segments.length(over, loop, operands, direct);
  }

  /**
   * The operands of a step, at their first segment.
   *
   * @param inputs of the context, in order
   * @param output of the common shape
   * @param direct whether the result needs no block
   */
  @SuppressWarnings("unchecked")
  static <A> Operands<A> of(
      StepContext context,
      ArrayArithmetic<A> over,
      Alignment alignment,
      int[] inputs,
      Tensor output,
      boolean direct) {
    Operands<A> operands = (Operands<A>) context.kept();
    if (operands == null) {
      operands = new Operands<>(context, over, alignment, inputs, output, direct);
      context.keep(operands);
    }
    for (int k = 0; k < inputs.length; k++) {
      operands.get(k).open(context.input(inputs[k]), context.scratch());
    }
    return operands;
  }

  /** Lets go of the tensors. */
  void leave() {
    for (int k = 0; k < inputs.length; k++) {
      operands.get(k).leave();
    }
    result.array = null;
  }

  int count() {
    return inputs.length;
  }

  Operand<A> get(int operand) {
    return operands.get(operand);
  }

  /** A part of the result, for the step's own use. */
  Run<A> result() {
    return result;
  }

  /** Number of elements of the common shape. */
  int size() {
    return size;
  }

  /** Elements of all segments but the last. */
  int segment() {
    return segment;
  }
}
