package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The distinct slices of a tensor along an axis.
 *
 * @param first for each distinct slice where it first is
 * @param which for each slice the number of its distinct one
 * @param counts for each distinct slice how often it is there
 */
record DistinctSlices(int[] first, int[] which, int[] counts) {

  static DistinctSlices of(Tensor tensor, int axis, boolean ascending) {
    int length = tensor.dim(axis);
    Comparator<Integer> order = new SliceOrder(tensor, axis);
    Integer[] sorted = new Integer[length];
    Arrays.setAll(sorted, i -> i);
    Arrays.sort(sorted, order);
    int[] which = new int[length];
    int[] first = new int[length];
    int[] counts = new int[length];
    int distinct = 0;
    for (int i = 0; i < length; i++) {
      if (i == 0 || order.compare(sorted[i - 1], sorted[i]) != 0) {
        first[distinct++] = sorted[i];
      }
      which[sorted[i]] = distinct - 1;
      counts[distinct - 1]++;
    }
    DistinctSlices slices =
        new DistinctSlices(Arrays.copyOf(first, distinct), which, Arrays.copyOf(counts, distinct));
    return ascending ? slices : slices.inOrderOfAppearance();
  }

  private DistinctSlices inOrderOfAppearance() {
    int[] renamed = new int[first.length];
    int[] newFirst = new int[first.length];
    int[] newCounts = new int[first.length];
    int[] newWhich = new int[which.length];
    int next = 0;
    for (int i = 0; i < which.length; i++) {
      if (first[which[i]] == i) {
        renamed[which[i]] = next;
        newFirst[next] = i;
        newCounts[next++] = counts[which[i]];
      }
      newWhich[i] = renamed[which[i]];
    }
    return new DistinctSlices(newFirst, newWhich, newCounts);
  }

  /** Compares slices element by element: numbers by value, texts by code points, NaN last. */
  private static final class SliceOrder implements Comparator<Integer> {
    private final Tensor tensor;
    private final int length;
    private final int inner;
    private final int outer;
    private final long[] keys;

    SliceOrder(Tensor tensor, int axis) {
      this.tensor = tensor;
      int width = tensor.type().width();
      this.length = tensor.dim(axis);
      int inside = width;
      for (int i = axis + 1; i < tensor.rank(); i++) {
        inside *= tensor.dim(i);
      }
      this.inner = inside;
      int size = tensor.size() * width;
      this.outer = size == 0 ? 0 : size / (length * inner);
      this.keys = tensor.type() == ElementType.STRING ? null : new long[size];
      if (keys != null) {
        SortKeys.of(tensor, 0, 1, keys);
      }
    }

    @Override
    public int compare(Integer a, Integer b) {
      for (int i = 0; i < outer; i++) {
        for (int j = 0; j < inner; j++) {
          int left = (i * length + a) * inner + j;
          int right = (i * length + b) * inner + j;
          int result =
              keys != null ? Long.compare(keys[left], keys[right]) : compareTexts(left, right);
          if (result != 0) {
            return result;
          }
        }
      }
      return 0;
    }

    private int compareTexts(int left, int right) {
      StringTensor texts = (StringTensor) tensor;
      return Arrays.compareUnsigned(
          texts.bytes(),
          texts.begin(left),
          texts.end(left),
          texts.bytes(),
          texts.begin(right),
          texts.end(right));
    }
  }
}
