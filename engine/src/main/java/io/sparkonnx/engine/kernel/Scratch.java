package io.sparkonnx.engine.kernel;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Working memory of one task, lent to one kernel call at a time. Grows to the largest request and
 * is then reused, so that the steady state allocates nothing. Not thread-safe. Contents are
 * arbitrary.
 */
public final class Scratch {
  private static final float[] EMPTY = new float[0];

  /** The slot that no kernel uses, for the operator that calls kernels. */
  public static final int OPERATOR = 3;

  private final float[][] floats = {EMPTY, EMPTY, EMPTY, EMPTY};
  private final Map<Class<?>, Object> kept = new HashMap<>();
  private int[] ints = new int[0];

  /**
   * A float array of at least {@code length} elements.
   *
   * @param slot 0, 1 or 2 for kernels, which ask for different slots when they need several arrays
   *     at once, or {@link #OPERATOR}
   */
  public float[] floats(int slot, int length) {
    if (floats[slot].length < length) {
      floats[slot] = new float[length];
    }
    return floats[slot];
  }

  /** An int array of at least {@code length} elements. */
  public int[] ints(int length) {
    if (ints.length < length) {
      ints = new int[length];
    }
    return ints;
  }

  /**
   * What a kernel keeps between its calls, such as tables for sizes that come again: one object of
   * each class.
   *
   * @param make makes the first one
   */
  public <T> T kept(Class<T> type, Supplier<T> make) {
    Object known = kept.get(type);
    if (known == null) {
      known = make.get();
      kept.put(type, known);
    }
    return type.cast(known);
  }

  /** Bytes of the arrays held at present. */
  public long bytes() {
    long elements = ints.length;
    for (float[] block : floats) {
      elements += block.length;
    }
    return 4 * elements;
  }
}
