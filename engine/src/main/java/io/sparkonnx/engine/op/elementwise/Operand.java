package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.tensor.Tensor;

/**
 * One operand read segment by segment in the order of the common shape: as a part of its own array
 * where that will do, else gathered into a block.
 */
final class Operand<A> {
  private final ArrayArithmetic<A> arithmetic;
  private final Tensor tensor;
  private final BroadcastLoop.Cursor cursor;
  private final boolean direct;
  private final boolean contiguous;
  private final Scratch scratch;
  private final int slot;

  private A block;
  private int position;

  /** The present segment: element i is {@code array[at + i·step]}. */
  A array;

  int at;
  int step;

  Operand(
      ArrayArithmetic<A> arithmetic,
      Tensor tensor,
      BroadcastLoop loop,
      int index,
      Scratch scratch,
      int slot) {
    this.arithmetic = arithmetic;
    this.tensor = tensor;
    this.cursor = loop.cursor(index, tensor.offset());
    this.direct = arithmetic.holds(tensor.type());
    this.contiguous = loop.isContiguous(index);
    this.scratch = scratch;
    this.slot = slot;
  }

  /** Whether runs of this operand need no block. */
  boolean isDirect() {
    return direct;
  }

  /** Makes the next {@code length} elements the present segment. */
  void next(int length) {
    if (direct && contiguous) {
      array = arithmetic.array(tensor);
      at = tensor.offset() + position;
      step = 1;
      position += length;
    } else if (direct && cursor.remaining() >= length) {
      array = arithmetic.array(tensor);
      at = cursor.source();
      step = cursor.step();
      cursor.advance(length);
    } else {
      gather(length);
    }
  }

  private void gather(int length) {
    if (block == null) {
      block = arithmetic.block(scratch, slot);
    }
    for (int done = 0; done < length; ) {
      int count = Math.min(length - done, cursor.remaining());
      arithmetic.load(tensor, cursor.source(), cursor.step(), block, done, count);
      cursor.advance(count);
      done += count;
    }
    array = block;
    at = 0;
    step = 1;
  }
}
