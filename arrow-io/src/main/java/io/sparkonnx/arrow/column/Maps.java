package io.sparkonnx.arrow.column;

import io.sparkonnx.engine.tensor.MapValue;
import io.sparkonnx.engine.tensor.SequenceValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One map a row: row i holds the entries {@code [offsets[i], offsets[i + 1])}.
 *
 * @param offsets N + 1 offsets, ascending from 0 to the number of entries
 * @param keys the keys of all rows
 * @param values the values of all rows
 * @param nulls the rows that are NULL
 */
public record Maps(int[] offsets, Column keys, Column values, RowMask nulls) implements Column {
  /** Checks the offsets. */
  public Maps {
    Gathering.checkOffsets(offsets, nulls.rows(), keys.rows());
    if (keys.rows() != values.rows()) {
      throw new IllegalArgumentException(keys.rows() + " keys with " + values.rows() + " values");
    }
  }

  /**
   * The maps as an ONNX sequence over the same arrays; a NULL map is empty.
   *
   * @throws IllegalArgumentException if keys or values are no elements
   */
  public SequenceValue toSequence() {
    if (!(keys instanceof Elements k) || !(values instanceof Elements v)) {
      throw new IllegalArgumentException("an ONNX map has keys and values of element types");
    }
    List<MapValue> maps = new ArrayList<>(rows());
    for (int i = 0; i < rows(); i++) {
      maps.add(new MapValue(slice(k.tensor(), i), slice(v.tensor(), i)));
    }
    return SequenceValue.of(maps);
  }

  private Tensor slice(Tensor tensor, int row) {
    int first = offsets[row];
    return tensor.view(tensor.offset() + first, offsets[row + 1] - first);
  }

  /** The maps that a sequence of maps over the same keys stands for; no row is NULL. */
  public static Maps of(SequenceValue sequence) {
    if (!sequence.isMaps()) {
      throw new IllegalArgumentException("only maps over the same keys are columns");
    }
    int rows = sequence.size();
    int size = sequence.mapKeys().size();
    int[] repeated = new int[Math.multiplyExact(rows, size)];
    Arrays.setAll(repeated, i -> i % size);
    int[] offsets = new int[rows + 1];
    Arrays.setAll(offsets, i -> i * size);
    return new Maps(
        offsets,
        new Elements(sequence.mapKeys().reshaped(size), RowMask.none(size)).gather(repeated),
        new Elements(sequence.mapValues().reshaped(repeated.length), RowMask.none(repeated.length)),
        RowMask.none(rows));
  }

  @Override
  public Maps gather(int[] rows) {
    int[] gathered = Gathering.offsets(offsets, rows);
    int[] entries = Gathering.elements(offsets, rows, gathered);
    return new Maps(gathered, keys.gather(entries), values.gather(entries), nulls.gather(rows));
  }
}
