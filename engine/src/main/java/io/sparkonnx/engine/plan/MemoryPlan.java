package io.sparkonnx.engine.plan;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.tensor.ElementType.Storage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Where each buffer lies in the slab of its array type, for one binding of the symbols. Buffers are
 * placed largest first, each in the lowest gap between those that live at the same time (the
 * greedy-by-size strategy of Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net
 * Inference", 2020).
 *
 * @param offsets first element of each buffer in its slab
 * @param slabElements elements of the slab per {@link Storage} ordinal
 */
public record MemoryPlan(int[] offsets, int[] slabElements) {
  /** Elements that starts of buffers are aligned to, one vector of 512 bits of floats. */
  private static final int ALIGNMENT = 16;

  /** Places {@code buffers} under {@code bindings}. */
  public static MemoryPlan solve(List<Buffer> buffers, ToLongFunction<String> bindings) {
    long[] sizes = new long[buffers.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = aligned(buffers.get(i).elements().evaluate(bindings));
    }
    int[] offsets = new int[sizes.length];
    int[] slabs = new int[Storage.values().length];
    Integer[] order = new Integer[sizes.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingLong((Integer i) -> -sizes[i]));
    List<Integer> placed = new ArrayList<>();
    for (int i : order) {
      long offset = lowestGap(i, sizes, buffers, placed, offsets);
      int slab = buffers.get(i).storage().ordinal();
      long end = offset + sizes[i];
      if (end > Integer.MAX_VALUE - ALIGNMENT) {
        throw new OnnxException(
            OnnxException.Code.LIMIT_EXCEEDED,
            "the intermediate values need more than 2^31 elements at once; use smaller batches");
      }
      offsets[i] = (int) offset;
      slabs[slab] = Math.max(slabs[slab], (int) end);
      insert(placed, i, offsets);
    }
    return new MemoryPlan(offsets, slabs);
  }

  private static long aligned(long elements) {
    return (elements + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static void insert(List<Integer> placed, int buffer, int[] offsets) {
    int at = placed.size();
    while (at > 0 && offsets[placed.get(at - 1)] > offsets[buffer]) {
      at--;
    }
    placed.add(at, buffer);
  }

  private static long lowestGap(
      int buffer, long[] sizes, List<Buffer> buffers, List<Integer> placed, int[] offsets) {
    Buffer wanted = buffers.get(buffer);
    long free = 0;
    for (int other : placed) {
      Buffer there = buffers.get(other);
      if (there.storage() != wanted.storage() || !there.overlaps(wanted)) {
        continue;
      }
      if (offsets[other] - free >= sizes[buffer]) {
        return free;
      }
      free = Math.max(free, offsets[other] + sizes[other]);
    }
    return free;
  }

  /** Bytes of all slabs. */
  public long bytes() {
    long bytes = 0;
    for (Storage storage : Storage.values()) {
      bytes += (long) slabElements[storage.ordinal()] * storage.bytes();
    }
    return bytes;
  }
}
