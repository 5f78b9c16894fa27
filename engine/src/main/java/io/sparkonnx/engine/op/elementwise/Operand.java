package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.tensor.Tensor;

/**
 * One operand read segment by segment in the order of the common shape: as a part of its own array
 * where that will do, else gathered into a block. A block whose contents come again in every
 * segment is gathered once.
 */
final class Operand<A> extends Run<A> {
  private final ArrayArithmetic<A> arithmetic;
  private final boolean held;
  private final BroadcastLoop.Cursor cursor;
  private final boolean contiguous;
  private final int period;
  private final int slot;
  private final boolean ownSlot;

  private Tensor tensor;
  private Scratch scratch;
  private A block;
  private int blockLength;
  private int position;

  /**
   * @param held whether the arithmetic {@linkplain ArrayArithmetic#holds holds} the tensor
   * @param slot where a block lies in scratch
   * @param ownSlot whether the block stays there from one segment to the next
   */
  Operand(
      ArrayArithmetic<A> arithmetic,
      boolean held,
      BroadcastLoop loop,
      int index,
      int slot,
      boolean ownSlot) {
    this.arithmetic = arithmetic;
    this.held = held;
    this.cursor = loop.cursor(index);
    this.contiguous = loop.isContiguous(index);
    this.period = loop.period(index);
    this.slot = slot;
    this.ownSlot = ownSlot;
  }

  /** Begins with the first segment of a tensor. */
  void open(Tensor first, Scratch lent) {
    tensor = first;
    scratch = lent;
    cursor.begin(first.offset());
    block = null;
    blockLength = 0;
    position = 0;
  }

  /** Lets go of the arrays. */
  void leave() {
    tensor = null;
    scratch = null;
    block = null;
    array = null;
  }

  /** Whether parts of the tensor's own array will do for whole runs. */
  boolean isDirect() {
    boolean steps = cursor.step() == 1 || arithmetic.takesRepeats();
    return held && (contiguous || steps);
  }

  /** Whether parts of the tensor's own array will do for any segment. */
  boolean isContiguous() {
    return contiguous && held;
  }

  /** Number of elements after which the operand begins again. */
  int period() {
    return period;
  }

  /**
   * Makes the next {@code length} elements the present segment.
   *
   * @param segment length of all segments but the last
   */
  void next(int length, int segment) {
    if (isContiguous()) {
      set(arithmetic.array(tensor), tensor.offset() + position, 1);
      position += length;
    } else if (isDirect() && cursor.remaining() >= length) {
      set(arithmetic.array(tensor), cursor.source(), cursor.step());
      cursor.advance(length);
    } else if (!ownSlot || segment % period != 0 || blockLength < length) {
      gather(length, segment);
    }
  }

  private void gather(int length, int segment) {
    if (block == null) {
      block = arithmetic.block(scratch, slot, segment);
    }
    for (int done = 0; done < length; ) {
      int count = Math.min(length - done, cursor.remaining());
      arithmetic.load(tensor, cursor.source(), cursor.step(), block, done, count);
      cursor.advance(count);
      done += count;
    }
    set(block, 0, 1);
    blockLength = length;
  }
}
