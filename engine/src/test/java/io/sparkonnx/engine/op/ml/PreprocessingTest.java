package io.sparkonnx.engine.op.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.IntTensor;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreprocessingTest {
  private static final double NAN = Double.NaN;

  @Test
  void scalerSubtractsThenMultiplies() {
    MlNode node = MlNode.of("Scaler").reals("offset", 1, -1).reals("scale", 2, 0.5);
    assertThat(node.floats(MlNode.matrix(2, 3, 3, 1, NAN))).containsExactly(4f, 2f, 0f, Float.NaN);
  }

  @Test
  void scalerTakesOneValueForAllColumns() {
    MlNode node = MlNode.of("Scaler").reals("offset", 0.5).reals("scale", 1, 2, 4);
    assertThat(node.floats(Tensor.of(new long[] {1, 1, 1, 2, 2, 2}, 2, 3)))
        .containsExactly(0.5f, 1, 2, 1.5f, 3, 6);
    assertThat(MlNode.of("Scaler").floats(Tensor.of(new int[] {5, 6}, 2))).containsExactly(5f, 6f);
  }

  @Test
  void scalerRoundsDoublesAtTheEnd() {
    double x = 1e9 + 1;
    MlNode node = MlNode.of("Scaler").reals("offset", 1e9).reals("scale", 1);
    assertThat(node.floats(Tensor.of(new double[] {x}, 1, 1))).containsExactly(1f);
  }

  @Test
  void scalerRefusesAnotherNumberOfColumns() {
    MlNode node = MlNode.of("Scaler").reals("offset", 1, 2);
    assertThatThrownBy(() -> node.run(MlNode.matrix(3, 1, 2, 3)))
        .hasMessage("Scaler 'it': offset has 2 elements but X has 3 columns");
  }

  @ParameterizedTest
  @CsvSource({"MAX, -0.75, 0, 1", "L1, -0.42857143, 0, 0.5714286", "L2, -0.6, 0, 0.8"})
  void normalizerDividesByTheNorm(String norm, float a, float b, float c) {
    MlNode node = MlNode.of("Normalizer").with("norm", norm);
    assertThat(node.floats(MlNode.matrix(3, -3, 0, 4, 0, 0, 0)))
        .containsExactly(a, b, c, 0f, 0f, 0f);
    assertThat(node.floats(Tensor.of(new long[] {-3, 0, 4}, 3))).containsExactly(a, b, c);
  }

  @Test
  void normalizerByAGreatestElementOfZeroKeepsTheRow() {
    assertThat(MlNode.of("Normalizer").floats(MlNode.matrix(3, -1, -2, 0)))
        .containsExactly(-1f, -2f, 0f);
  }

  @Test
  void imputerReplacesNan() {
    MlNode node =
        MlNode.of("Imputer")
            .reals("imputed_value_floats", 5, 6)
            .with("replaced_value_float", Float.NaN);
    assertThat(node.floats(MlNode.matrix(2, NAN, 1, 2, NAN))).containsExactly(5f, 1f, 2f, 6f);
    Tensor doubles = Tensor.of(new double[] {NAN, 0.1}, 2);
    assertThat(((DoubleTensor) node.run(doubles)).toArray()).containsExactly(5, 0.1);
  }

  @Test
  void imputerReplacesIntegers() {
    MlNode node =
        MlNode.of("Imputer").integers("imputed_value_int64s", 9).with("replaced_value_int64", 1L);
    assertThat(node.longs(Tensor.of(new long[] {1, 2, 1}, 1, 3))).containsExactly(9, 2, 9);
    assertThat(((IntTensor) node.run(Tensor.of(new int[] {1, 2}, 2))).toArray())
        .containsExactly(9, 2);
  }

  @Test
  void imputerNeedsValuesOfTheInputsKind() {
    MlNode node = MlNode.of("Imputer").integers("imputed_value_int64s", 9);
    assertThatThrownBy(() -> node.run(MlNode.column(1)))
        .hasMessage("Imputer 'it': X is float but imputed_value_floats is not given");
    assertThatThrownBy(() -> MlNode.of("Imputer").operator())
        .hasMessage("Imputer 'it': neither imputed_value_floats nor imputed_value_int64s is given");
    MlNode two = MlNode.of("Imputer").reals("imputed_value_floats", 5, 6);
    assertThatThrownBy(() -> two.run(MlNode.matrix(3, 1, 2, 3)))
        .hasMessage("Imputer 'it': 2 imputed values but X has 3 columns");
  }

  @Test
  void binarizerKeepsTheType() {
    MlNode node = MlNode.of("Binarizer").with("threshold", 1.5f);
    assertThat(node.floats(MlNode.column(1.5, 1.6, NAN, -3))).containsExactly(0f, 1f, 0f, 0f);
    assertThat(node.longs(Tensor.of(new long[] {1, 2}, 2))).containsExactly(0, 1);
    assertThat(((IntTensor) node.run(Tensor.of(new int[] {1, 2}, 2))).toArray())
        .containsExactly(0, 1);
    assertThat(((DoubleTensor) node.run(Tensor.of(new double[] {1.5000001}, 1))).toArray())
        .containsExactly(1);
  }

  @Test
  void oneHotAddsAnAxis() {
    MlNode node = MlNode.of("OneHotEncoder").integers("cats_int64s", 7, -1, 3);
    Tensor y = (Tensor) node.run(Tensor.of(new long[] {3, 7, 8, -1}, 2, 2));
    assertThat(y.dims()).containsExactly(2, 2, 3);
    assertThat(node.floats(Tensor.of(new int[] {3, 8}, 2))).containsExactly(0, 0, 1, 0, 0, 0);
  }

  @Test
  void oneHotCutsFractionsAndKnowsNoNan() {
    MlNode node = MlNode.of("OneHotEncoder").integers("cats_int64s", 0, 2);
    assertThat(node.floats(Tensor.of(new float[] {2.7f, -0.5f, Float.NaN, 3e20f}, 4)))
        .containsExactly(0, 1, 1, 0, 0, 0, 0, 0);
    assertThat(node.floats(Tensor.of(new double[] {2.7}, 1))).containsExactly(0, 1);
  }

  @Test
  void oneHotOfStringsComparesBytes() {
    MlNode node = MlNode.of("OneHotEncoder").strings("cats_strings", "ü", "");
    assertThat(node.floats(Tensor.of(new String[] {"", "u", "ü"}, 3)))
        .containsExactly(0, 1, 0, 0, 1, 0);
  }

  @Test
  void anUnknownCategoryMayBeAnError() {
    MlNode integers = MlNode.of("OneHotEncoder").integers("cats_int64s", 1).with("zeros", 0L);
    assertThatThrownBy(() -> integers.run(Tensor.of(new long[] {1, 4}, 2)))
        .hasMessage("OneHotEncoder 'it': element 1 is 4, which is no category");
    MlNode strings = MlNode.of("OneHotEncoder").strings("cats_strings", "a").with("zeros", 0L);
    assertThatThrownBy(() -> strings.run(Tensor.of(new String[] {"b"}, 1)))
        .hasMessage("OneHotEncoder 'it': element 0 is 'b', which is no category");
  }

  @Test
  void oneHotNeedsCategoriesOfTheInputsKind() {
    MlNode node = MlNode.of("OneHotEncoder").strings("cats_strings", "a");
    assertThatThrownBy(() -> node.run(MlNode.column(1)))
        .hasMessage("OneHotEncoder 'it': input 0 is float, expected one of [string]");
  }

  @Test
  void vectorizerPutsColumnsSideBySide() {
    MlNode node = MlNode.of("FeatureVectorizer").integers("inputdimensions", 2, 1);
    assertThat(node.floats(MlNode.matrix(2, 1, 2, 3, 4), Tensor.of(new long[] {5, 6}, 2, 1)))
        .containsExactly(1f, 2f, 5f, 3f, 4f, 6f);
  }

  @Test
  void vectorizerCutsAndFillsUp() {
    MlNode node = MlNode.of("FeatureVectorizer").integers("inputdimensions", 1, 3);
    Tensor x = MlNode.matrix(2, 1, 2, 3, 4);
    assertThat(node.floats(x, x)).containsExactly(1, 1, 2, 0, 3, 3, 4, 0);
  }

  @Test
  void vectorizerTakesListsAsOneRow() {
    MlNode node = MlNode.of("FeatureVectorizer");
    assertThat(node.floats(Tensor.of(new double[] {1, 2}, 2), Tensor.of(new int[] {3}, 1)))
        .containsExactly(1f, 2f, 3f);
  }

  @Test
  void vectorizerRefusesDifferentRows() {
    MlNode node = MlNode.of("FeatureVectorizer").integers("inputdimensions", 1, 1);
    assertThatThrownBy(() -> node.run(MlNode.column(1, 2), MlNode.column(1)))
        .hasMessage("FeatureVectorizer 'it': input 1 has 1 rows but others have 2");
  }

  @Test
  void extractorPicksFromTheLastAxis() {
    MlNode node = MlNode.of("ArrayFeatureExtractor");
    Tensor x = Tensor.of(new double[] {0, 1, 2, 3, 4, 5, 6, 7}, 2, 2, 2);
    Tensor y = (Tensor) node.run(x, Tensor.of(new long[] {1, 0, 1}, 3));
    assertThat(y.dims()).containsExactly(2, 2, 3);
    assertThat(((DoubleTensor) y).toArray()).containsExactly(1, 0, 1, 3, 2, 3, 5, 4, 5, 7, 6, 7);
  }

  @Test
  void extractorOfAListGivesOneRow() {
    MlNode node = MlNode.of("ArrayFeatureExtractor");
    Tensor words = Tensor.of(new String[] {"a", "bb", "c"}, 3);
    Tensor y = (Tensor) node.run(words, Tensor.of(new long[] {2, 1, 1, 0}, 2, 2));
    assertThat(y.dims()).containsExactly(1, 4);
    assertThat(node.texts(words, Tensor.of(new long[] {2, 1}, 2))).containsExactly("c", "bb");
  }

  @Test
  void extractorRefusesPositionsOutside() {
    MlNode node = MlNode.of("ArrayFeatureExtractor");
    assertThatThrownBy(() -> node.run(MlNode.matrix(2, 1, 2), Tensor.of(new long[] {-1}, 1)))
        .hasMessage("ArrayFeatureExtractor 'it': position -1 is outside a last axis of 2");
  }

  @Test
  void labelsGetTheirPositions() {
    MlNode node = MlNode.of("LabelEncoder", 1).strings("classes_strings", "x", "y");
    assertThat(node.longs(Tensor.of(new String[] {"y", "z", "x"}, 3))).containsExactly(1, -1, 0);
    assertThat(node.with("default_int64", 42L).longs(Tensor.of(new String[] {""}, 1)))
        .containsExactly(42);
    assertThat(node.texts(Tensor.of(new long[] {1, 2, -1}, 3)))
        .containsExactly("y", "_Unused", "_Unused");
  }

  @Test
  void keysGetTheirValues() {
    MlNode node =
        MlNode.of("LabelEncoder", 2)
            .reals("keys_floats", 0, NAN, 2.5)
            .strings("values_strings", "zero", "none", "more")
            .with("default_string", "?");
    assertThat(node.texts(Tensor.of(new float[] {-0f, Float.NaN, 2.5f, 1}, 4)))
        .containsExactly("zero", "none", "more", "?");
  }

  @Test
  void defaultsDependOnTheValuesType() {
    Tensor x = Tensor.of(new long[] {5}, 1);
    MlNode node = MlNode.of("LabelEncoder", 2).integers("keys_int64s", 1);
    float missing = node.reals("values_floats", 3).floats(x)[0];
    assertThat(Float.floatToRawIntBits(missing)).isEqualTo(Float.floatToRawIntBits(-0f));
    assertThat(
            MlNode.of("LabelEncoder", 2)
                .integers("keys_int64s", 1)
                .integers("values_int64s", 7)
                .longs(x))
        .containsExactly(-1);
  }

  @Test
  void theLastOfEqualKeysCounts() {
    MlNode node =
        MlNode.of("LabelEncoder", 4)
            .integers("keys_int64s", 1, 1)
            .integers("values_int64s", 10, 20);
    assertThat(node.longs(Tensor.of(new long[] {1}, 1))).containsExactly(20);
  }

  @Test
  void keysAndValuesMayBeTensors() {
    MlNode node =
        MlNode.of("LabelEncoder", 4)
            .with("keys_tensor", Tensor.of(new double[] {1, 2}, 2))
            .with("values_tensor", Tensor.wrap(ElementType.INT16, new short[] {5, 6}, 0, 2))
            .with("default_tensor", Tensor.wrap(ElementType.INT16, new short[] {9}, 0, 1));
    Tensor y = (Tensor) node.run(Tensor.of(new double[] {2, 3}, 1, 2));
    assertThat(y.dims()).containsExactly(1, 2);
    assertThat(new long[] {y.longAt(0), y.longAt(1)}).containsExactly(6, 9);
  }

  @Test
  void encoderRefusesWhatDoesNotFit() {
    MlNode node =
        MlNode.of("LabelEncoder", 2).integers("keys_int64s", 1).integers("values_int64s", 1);
    assertThatThrownBy(() -> node.run(MlNode.column(1)))
        .hasMessage("LabelEncoder 'it': X is float but keys are int64");
    assertThatThrownBy(() -> node.integers("values_int64s", 1, 2).operator())
        .hasMessage("LabelEncoder 'it': 1 keys but 2 values");
    assertThatThrownBy(() -> MlNode.of("LabelEncoder", 2).operator())
        .hasMessage("LabelEncoder 'it': there are no keys");
  }

  @Test
  void manyKeysAreFound() {
    long[] keys = new long[5000];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = (long) i << 32;
    }
    MlNode node =
        MlNode.of("LabelEncoder", 2).integers("keys_int64s", keys).integers("values_int64s", keys);
    assertThat(node.longs(Tensor.of(keys, keys.length))).containsExactly(keys);
  }

  @Test
  void categoriesMapBothWays() {
    MlNode node =
        MlNode.of("CategoryMapper")
            .strings("cats_strings", "a", "b")
            .integers("cats_int64s", 4, 5)
            .with("default_string", "none");
    assertThat(node.longs(Tensor.of(new String[] {"b", "q"}, 2))).containsExactly(5, -1);
    assertThat(node.texts(Tensor.of(new long[] {4, 0}, 2))).containsExactly("a", "none");
    assertThatThrownBy(() -> node.integers("cats_int64s", 4).operator())
        .hasMessageContaining("must be given and have as many elements");
  }

  @Test
  void shapesOfUnknownRankPass() {
    ValueInfo x = ValueInfo.of(ElementType.FLOAT, io.sparkonnx.engine.type.Shape.UNKNOWN);
    MlNode scaler = MlNode.of("Scaler").reals("offset", 1, 2);
    assertThat(scaler.infer(x).get(0).shape().hasRank()).isFalse();
    MlNode oneHot = MlNode.of("OneHotEncoder").integers("cats_int64s", 1);
    assertThat(oneHot.infer(x).get(0).shape().hasRank()).isFalse();
    MlNode linear = MlNode.of("LinearRegressor").reals("coefficients", 1);
    assertThat(linear.infer(x).get(0).type()).hasToString("float [?0, 1]");
  }

  @Test
  void aLongTensorIsNotChanged() {
    long[] given = {1, 1};
    MlNode.of("Imputer")
        .integers("imputed_value_int64s", 9)
        .run(new LongTensor(ElementType.INT64, given, 0, 2));
    assertThat(given).containsExactly(1, 1);
  }
}
