package io.sparkonnx.engine.op.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.MapValue;
import io.sparkonnx.engine.tensor.SequenceValue;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueInfo;
import io.sparkonnx.engine.type.ValueType;
import org.junit.jupiter.api.Test;

class MapTest {
  private static MapValue numbers(long[] keys, float... values) {
    return new MapValue(Tensor.of(keys, keys.length), Tensor.of(values, values.length));
  }

  @Test
  void zipMapGivesAMapForEachRow() {
    MlNode node = MlNode.of("ZipMap").integers("classlabels_int64s", 10, 20);
    SequenceValue y = (SequenceValue) node.run(MlNode.matrix(2, 1, 2, 3, 4));
    assertThat(y.size()).isEqualTo(2);
    MapValue last = (MapValue) y.get(1);
    assertThat(((LongTensor) last.keys()).toArray()).containsExactly(10, 20);
    assertThat(((FloatTensor) last.values()).toArray()).containsExactly(3f, 4f);
  }

  @Test
  void zipMapKeysMayBeStrings() {
    MlNode node = MlNode.of("ZipMap").strings("classlabels_strings", "no", "yes");
    SequenceValue y = (SequenceValue) node.run(Tensor.of(new float[] {0.25f, 0.75f}, 2));
    assertThat(y.size()).isEqualTo(1);
    assertThat(((StringTensor) y.mapKeys()).toArray()).containsExactly("no", "yes");
  }

  @Test
  void zipMapKeepsItsInput() {
    Tensor x = MlNode.column(1);
    MlNode node = MlNode.of("ZipMap").integers("classlabels_int64s", 0);
    assertThat(((SequenceValue) node.run(x)).mapValues()).isSameAs(x);
    assertThat(node.operator().viewOf(0)).isZero();
  }

  @Test
  void zipMapNeedsAKeyForEveryColumn() {
    MlNode node = MlNode.of("ZipMap").integers("classlabels_int64s", 10, 20);
    assertThatThrownBy(() -> node.run(MlNode.matrix(3, 1, 2, 3)))
        .hasMessage("ZipMap 'it': X has 3 columns, expected 2");
  }

  @Test
  void zipMapIsASequenceOfMaps() {
    MlNode node = MlNode.of("ZipMap").strings("classlabels_strings", "a");
    assertThat(node.infer(ValueInfo.ofConstant(MlNode.column(1))).get(0).type())
        .hasToString("seq(map(string, float []))");
  }

  @Test
  void castMapOrdersByKey() {
    MlNode node = MlNode.of("CastMap");
    Tensor y = (Tensor) node.run(numbers(new long[] {30, -1, 7}, 1.5f, 2.5f, 3.5f));
    assertThat(y.dims()).containsExactly(1, 3);
    assertThat(((FloatTensor) y).toArray()).containsExactly(2.5f, 3.5f, 1.5f);
  }

  @Test
  void castMapSpreadsByKey() {
    MlNode node = MlNode.of("CastMap").with("map_form", "SPARSE").with("max_map", 4L);
    MapValue map = numbers(new long[] {3, 1, 9}, 1.5f, 2.5f, 9);
    assertThat(node.floats(map)).containsExactly(0, 2.5f, 0, 1.5f);
    assertThat(node.with("cast_to", "TO_INT64").longs(map)).containsExactly(0, 2, 0, 1);
    assertThat(node.with("cast_to", "TO_STRING").texts(map))
        .containsExactly("0.f", "2.500000", "0.f", "1.500000");
    assertThatThrownBy(() -> node.run(numbers(new long[] {-2}, 1)))
        .hasMessage("CastMap 'it': key -2 is negative");
  }

  @Test
  void castMapReadsTexts() {
    MapValue map =
        new MapValue(Tensor.of(new long[] {2, 1}, 2), Tensor.of(new String[] {"4", "-0.5"}, 2));
    assertThat(MlNode.of("CastMap").floats(map)).containsExactly(-0.5f, 4f);
    assertThat(MlNode.of("CastMap").with("cast_to", "TO_STRING").texts(map))
        .containsExactly("-0.5", "4");
    assertThatThrownBy(() -> MlNode.of("CastMap").with("cast_to", "TO_INT64").run(map))
        .hasMessage("CastMap 'it': '-0.5' is not an integer");
  }

  @Test
  void castMapRefusesOtherKeys() {
    MapValue map = new MapValue(Tensor.of(new String[] {"a"}, 1), Tensor.of(new float[] {1}, 1));
    assertThatThrownBy(() -> MlNode.of("CastMap").run(map))
        .hasMessageContaining("expected a map from int64");
  }

  @Test
  void vectorizerPutsValuesAtTheirWords() {
    MlNode node = MlNode.of("DictVectorizer").strings("string_vocabulary", "a", "c", "b", "z");
    MapValue map =
        new MapValue(
            Tensor.of(new String[] {"c", "other", "a"}, 3), Tensor.of(new float[] {8, 1, 4}, 3));
    Tensor y = (Tensor) node.run(map);
    assertThat(y.dims()).containsExactly(1, 4);
    assertThat(((FloatTensor) y).toArray()).containsExactly(4, 8, 0, 0);
  }

  @Test
  void vectorizerKeepsTheValuesType() {
    MlNode node = MlNode.of("DictVectorizer").integers("int64_vocabulary", 5, 6, 1);
    MapValue map =
        new MapValue(Tensor.of(new long[] {1, 5}, 2), Tensor.of(new String[] {"x", "y"}, 2));
    assertThat(node.texts(map)).containsExactly("y", "", "x");
    assertThatThrownBy(() -> node.infer(ValueInfo.ofConstant(MlNode.column(1))))
        .hasMessage(
            "DictVectorizer 'it': X is a float [1, 1], expected a map from int64 to numbers or"
                + " strings");
    ValueType type = ValueType.of(map);
    assertThat(node.infer(ValueInfo.of(type)).get(0).type()).hasToString("string [1, 3]");
  }
}
