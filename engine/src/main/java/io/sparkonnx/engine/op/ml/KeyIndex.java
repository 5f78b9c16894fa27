package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;

/**
 * Finds the position of values in a list of keys, by hashing with open addressing. −0 equals 0 and
 * NaN equals NaN; the last of equal keys counts.
 */
final class KeyIndex {
  /** Position where there is no such key. */
  static final int NONE = -1;

  private final Tensor keys;
  private final int[] slots;

  /**
   * @param keys strings or numbers [K]
   */
  KeyIndex(Tensor keys) {
    this.keys = keys;
    int capacity = Integer.highestOneBit(Math.max(1, keys.size())) * 4;
    this.slots = new int[capacity];
    Arrays.fill(slots, NONE);
    for (int i = 0; i < keys.size(); i++) {
      slots[slot(keys, i)] = i;
    }
  }

  ElementType type() {
    return keys.type();
  }

  int size() {
    return keys.size();
  }

  /** Position of element {@code index} of a tensor of the keys' type, or {@link #NONE}. */
  int find(Tensor x, int index) {
    return slots[slot(x, index)];
  }

  /** Fills {@code found} with the positions of all elements, {@code otherwise} for the unknown. */
  void findAll(Tensor x, int[] found, int otherwise) {
    for (int i = 0; i < x.size(); i++) {
      int position = find(x, i);
      found[i] = position == NONE ? otherwise : position;
    }
  }

  /** Slot of an equal key, or the free one where it would be. */
  private int slot(Tensor x, int index) {
    return x instanceof StringTensor strings ? slot(strings, index) : slot(bits(x, index));
  }

  private int slot(StringTensor x, int index) {
    StringTensor known = (StringTensor) keys;
    int begin = x.begin(index);
    int end = x.end(index);
    int hash = 1;
    for (int i = begin; i < end; i++) {
      hash = 31 * hash + x.bytes()[i];
    }
    int slot = spread(hash);
    while (slots[slot] != NONE
        && !Arrays.equals(
            x.bytes(),
            begin,
            end,
            known.bytes(),
            known.begin(slots[slot]),
            known.end(slots[slot]))) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  private int slot(long bits) {
    int slot = spread(Long.hashCode(bits));
    while (slots[slot] != NONE && bits(keys, slots[slot]) != bits) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  private int spread(int hash) {
    int mixed = hash * 0x9E3779B9;
    return (mixed ^ mixed >>> 16) & (slots.length - 1);
  }

  /** The same bits for equal numbers. */
  private static long bits(Tensor x, int index) {
    if (x instanceof FloatTensor floats) {
      return Float.floatToIntBits(floats.get(index) + 0f);
    }
    if (x instanceof DoubleTensor doubles) {
      return Double.doubleToLongBits(doubles.doubleAt(index) + 0.0);
    }
    return x.longAt(index);
  }
}
