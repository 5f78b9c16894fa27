package io.sparkonnx.arrow.write;

import io.sparkonnx.arrow.column.FixedLists;
import io.sparkonnx.arrow.column.Lists;
import java.util.Arrays;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;

/** Lists of one size and of any sizes, with offsets of 32 and 64 bits. */
final class ListWriter {
  private ListWriter() {}

  static Lists withOffsets(FixedLists lists) {
    int[] offsets = new int[lists.rows() + 1];
    Arrays.setAll(offsets, i -> i * lists.size());
    return new Lists(offsets, lists.elements(), lists.nulls());
  }

  static void write(FixedLists lists, FixedSizeListVector vector) {
    vector.clear();
    vector.setInitialCapacity(lists.rows());
    vector.allocateNew();
    reserve(vector, lists.rows());
    Bytes.validity(lists.nulls(), vector.getValidityBuffer());
    VectorWriter.write(lists.elements(), vector.getDataVector());
    vector.setValueCount(lists.rows());
  }

  static void write(Lists lists, ListVector vector) {
    vector.clear();
    vector.setInitialCapacity(lists.rows());
    vector.allocateNew();
    reserve(vector, lists.rows());
    Bytes.validity(lists.nulls(), vector.getValidityBuffer());
    Bytes.copy(lists.offsets(), 0, vector.getOffsetBuffer(), 4, lists.rows() + 1);
    vector.setLastSet(lists.rows() - 1);
    VectorWriter.write(lists.elements(), vector.getDataVector());
    vector.setValueCount(lists.rows());
  }

  static void write(Lists lists, LargeListVector vector) {
    long[] offsets = Arrays.stream(lists.offsets()).asLongStream().toArray();
    vector.clear();
    vector.setInitialCapacity(lists.rows());
    vector.allocateNew();
    reserve(vector, lists.rows());
    Bytes.validity(lists.nulls(), vector.getValidityBuffer());
    Bytes.copy(offsets, 0, vector.getOffsetBuffer(), 8, lists.rows() + 1);
    vector.setLastSet(lists.rows() - 1);
    VectorWriter.write(lists.elements(), vector.getDataVector());
    vector.setValueCount(lists.rows());
  }

  private static void reserve(FieldVector vector, int rows) {
    while (vector.getValueCapacity() < rows) {
      vector.reAlloc();
    }
  }
}
