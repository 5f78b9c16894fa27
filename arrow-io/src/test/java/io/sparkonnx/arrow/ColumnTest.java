package io.sparkonnx.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.arrow.column.Column;
import io.sparkonnx.arrow.column.Columns;
import io.sparkonnx.arrow.column.Elements;
import io.sparkonnx.arrow.column.FixedLists;
import io.sparkonnx.arrow.column.Lists;
import io.sparkonnx.arrow.column.Maps;
import io.sparkonnx.arrow.column.RowMask;
import io.sparkonnx.arrow.column.Structs;
import io.sparkonnx.arrow.column.TensorRows;
import io.sparkonnx.arrow.read.VectorReader;
import io.sparkonnx.arrow.write.VectorWriter;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.MapValue;
import io.sparkonnx.engine.tensor.OptionalValue;
import io.sparkonnx.engine.tensor.SequenceValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.BitSet;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Columns as tensors and results as columns. */
class ColumnTest {
  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  private static Elements floats(float... values) {
    return new Elements(Tensor.of(values, values.length), RowMask.none(values.length));
  }

  private static RowMask mask(int rows, int... marked) {
    BitSet bits = new BitSet();
    for (int row : marked) {
      bits.set(row);
    }
    return RowMask.of(rows, bits);
  }

  @Test
  void fixedListsAreTensorRowsWithoutACopy() {
    Elements elements = floats(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    Column inner = new FixedLists(3, elements, RowMask.none(4));
    TensorRows rows = TensorRows.of(new FixedLists(2, inner, mask(2, 1)), "m");
    assertThat(rows.tensor().dims()).containsExactly(2, 2, 3);
    assertThat(rows.tensor().array()).isSameAs(elements.tensor().array());
    assertThat(rows.nulls()).isEqualTo(mask(2, 1));
    assertThat(rows.elementNulls()).isEqualTo(mask(12, 6, 7, 8, 9, 10, 11));
  }

  @Test
  void listsOfOneLengthAreTensorRowsWithoutACopy() {
    Elements elements = floats(1, 2, 3, 4);
    TensorRows rows = TensorRows.of(new Lists(new int[] {0, 2, 4}, elements, RowMask.none(2)), "l");
    assertThat(rows.tensor().dims()).containsExactly(2, 2);
    assertThat(rows.tensor().array()).isSameAs(elements.tensor().array());
  }

  @Test
  void nullRowsAmongListsKeepTheirPlaceAndAreMarked() {
    TensorRows rows =
        TensorRows.of(new Lists(new int[] {0, 2, 2, 4}, floats(1, 2, 3, 4), mask(3, 1)), "l");
    assertThat((float[]) rows.tensor().array()).containsExactly(1, 2, 0, 0, 3, 4);
    assertThat(rows.nulls()).isEqualTo(mask(3, 1));
    assertThat(rows.elementNulls()).isEqualTo(mask(6, 2, 3));
  }

  @Test
  void raggedListsNameTheRow() {
    Lists lists = new Lists(new int[] {0, 2, 2, 3}, floats(1, 2, 3), mask(3, 1));
    assertThatThrownBy(() -> TensorRows.of(lists, "l"))
        .isInstanceOf(OnnxException.class)
        .hasMessage("column 'l': row 2 has 1 elements, but row 0 has 2");
  }

  @Test
  void structsAreNoTensor() {
    Structs structs = new Structs(List.of("a"), List.of(floats(1)), RowMask.none(1));
    assertThatThrownBy(() -> TensorRows.of(structs, "s"))
        .isInstanceOf(OnnxException.class)
        .hasMessage("column 's' is a struct and cannot be one tensor");
  }

  @Test
  void anOutputBecomesNestedListsOverItsArray() {
    float[] array = new float[12];
    FixedLists column = (FixedLists) Columns.of(Tensor.of(array, 2, 2, 3));
    FixedLists inner = (FixedLists) column.elements();
    assertThat(List.of(column.rows(), column.size(), inner.size())).containsExactly(2, 2, 3);
    assertThat(((Elements) inner.elements()).tensor().array()).isSameAs(array);
    try (FieldVector vector = VectorWriter.write("out", column, allocator)) {
      assertThat(vector.getObject(1)).isEqualTo(List.of(List.of(0f, 0f, 0f), List.of(0f, 0f, 0f)));
    }
  }

  @Test
  void mapsOverSharedKeysBecomeAMapColumnAndBack() {
    SequenceValue sequence =
        SequenceValue.ofMaps(
            Tensor.of(new String[] {"ja", "nein"}, 2), Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
    try (FieldVector vector = VectorWriter.write("p", Columns.of(sequence), allocator)) {
      assertThat(vector.getField().getType()).isEqualTo(new ArrowType.Map(false));
      Maps maps = (Maps) VectorReader.of(vector, null).read(0, 2);
      MapValue second = (MapValue) maps.toSequence().get(1);
      assertThat(second.keys().size()).isEqualTo(2);
      assertThat(second.values().doubleAt(0)).isEqualTo(3);
      assertThat(second.values().doubleAt(1)).isEqualTo(4);
    }
  }

  @Test
  void anEmptyOutputHasNoRows() {
    assertThat(Columns.of(Tensor.of(new float[0], 0, 3)).rows()).isZero();
  }

  @Test
  void anOptionalIsNoColumn() {
    assertThatThrownBy(() -> Columns.of(new OptionalValue(null)))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("a column is a tensor [N, …] or a sequence of maps");
  }

  @Test
  void aTypeThatArrowLacksIsRefused() {
    Elements brain = new Elements(Tensor.allocate(ElementType.BFLOAT16, 2), RowMask.none(2));
    assertThatThrownBy(() -> VectorWriter.write("b", brain, allocator))
        .isInstanceOf(OnnxException.class)
        .hasMessage("column 'b': Arrow has no type for ONNX's bfloat16");
  }

  @Test
  void aTypeThatOnnxLacksIsRefused() {
    try (NullVector nothing = new NullVector("n", 3)) {
      assertThatThrownBy(() -> VectorReader.of(nothing, null))
          .isInstanceOf(OnnxException.class)
          .hasMessage("column 'n': ONNX has no element type for Arrow's Null");
    }
  }

  @Test
  void aVectorOfAnotherTypeIsRefused() {
    try (IntVector ints = new IntVector("i", allocator)) {
      assertThatThrownBy(() -> VectorWriter.write(floats(1), ints))
          .isInstanceOf(OnnxException.class)
          .hasMessage("column 'i': Arrow's Int(32, true) does not hold float");
    }
  }

  @Test
  void listsThatDoNotStartAtZeroAreRead() {
    try (ListVector lists =
        (ListVector) RandomVectors.of(RandomVectors.everyType().get(20), 50, 0.2, 3, allocator)) {
      List<Object> expected = Values.of(lists, 20, 30);
      int first = lists.getOffsetBuffer().getInt(4 * 20);
      assertThat(first).isPositive();
      for (int i = 0; i <= 30; i++) {
        lists.getOffsetBuffer().setInt(4L * i, lists.getOffsetBuffer().getInt(4L * (20 + i)));
        if (i < 30) {
          int valid = expected.get(i) == null ? 0 : 1;
          BitVectorHelper.setValidityBit(lists.getValidityBuffer(), i, valid);
        }
      }
      Values.assertSame(expected, Values.of(VectorReader.of(lists, null).read(0, 30)));
    }
  }
}
