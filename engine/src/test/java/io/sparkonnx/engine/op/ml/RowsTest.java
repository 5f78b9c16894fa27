package io.sparkonnx.engine.op.ml;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.kernel.KernelProvider;
import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.SequenceValue;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A row's result does not depend on the rows beside it, nor on the kernels. */
class RowsTest {
  private static final int COLUMNS = 7;
  private static final int ROWS = 69;
  private static final BatchAxis FIRST = BatchAxis.rows(0);

  private static double[] random(int count, long seed) {
    return new Random(seed).doubles(count, -1.5, 1.5).toArray();
  }

  static Stream<MlNode> nodes() {
    Random random = new Random(5);
    Trees targets = Trees.ofTargets();
    Trees classes = Trees.ofClasses();
    for (int tree = 0; tree < 9; tree++) {
      targets.random(random, 1 + tree % 5, COLUMNS, 3);
      classes.random(random, 1 + tree % 5, COLUMNS, 4);
    }
    List<MlNode> nodes = new ArrayList<>();
    for (String transform : List.of("NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO")) {
      nodes.add(targets.regressor(3).with("post_transform", transform));
      nodes.add(classes.classifier(1, 2, 3, 4).with("post_transform", transform));
      nodes.add(linear("classlabels_ints", 3).with("post_transform", transform));
      nodes.add(linear("classlabels_ints", 2).with("post_transform", transform));
    }
    for (String function : List.of("AVERAGE", "MIN", "MAX")) {
      nodes.add(targets.regressor(3).with("aggregate_function", function));
    }
    for (String norm : List.of("MAX", "L1", "L2")) {
      nodes.add(MlNode.of("Normalizer").with("norm", norm));
    }
    for (String kernel : List.of("LINEAR", "POLY", "RBF", "SIGMOID")) {
      nodes.add(svm(kernel));
    }
    nodes.add(MlNode.of("LinearRegressor").reals("coefficients", random(COLUMNS, 3)));
    nodes.add(MlNode.of("Scaler").reals("offset", random(COLUMNS, 1)).reals("scale", 0.3));
    nodes.add(MlNode.of("Imputer").reals("imputed_value_floats", random(COLUMNS, 2)));
    nodes.add(MlNode.of("Binarizer"));
    nodes.add(MlNode.of("OneHotEncoder").integers("cats_int64s", -1, 0, 1));
    nodes.add(MlNode.of("ZipMap").integers("classlabels_int64s", 1, 2, 3, 4, 5, 6, 7));
    nodes.add(MlNode.of("FeatureVectorizer").integers("inputdimensions", 5));
    return nodes.stream();
  }

  /** Classes with one function each, or two classes with one function. */
  private static MlNode linear(String labels, int classes) {
    int functions = classes == 2 ? 1 : classes;
    return MlNode.classifier("LinearClassifier")
        .reals("coefficients", random(COLUMNS * functions, 8))
        .reals("intercepts", random(functions, 9))
        .integers(labels, java.util.stream.LongStream.range(0, classes).toArray());
  }

  private static MlNode svm(String kernel) {
    return MlNode.classifier("SVMClassifier")
        .reals("coefficients", random(2 * 10, 1))
        .reals("support_vectors", random(COLUMNS * 10, 2))
        .integers("vectors_per_class", 3, 5, 2)
        .reals("rho", 0.1, 0.2, 0.3)
        .reals("prob_a", -1, -1.1, -0.9)
        .reals("prob_b", 0.1, 0, -0.1)
        .integers("classlabels_ints", 1, 2, 3)
        .reals("kernel_params", 0.3, 0.2, 2.5)
        .with("kernel_type", kernel);
  }

  /** Features with some NaN and zeros, in the middle of an array of other numbers. */
  private static Tensor features() {
    Random random = new Random(11);
    float[] array = new float[3 + ROWS * COLUMNS + 5];
    for (int i = 0; i < array.length; i++) {
      float value = (float) (Math.round(random.nextGaussian() * 10) / 10.0);
      array[i] = random.nextInt(50) == 0 ? Float.NaN : value;
    }
    return Tensor.wrap(ElementType.FLOAT, array, 3, ROWS, COLUMNS);
  }

  private static List<Object> bits(OnnxValue value, int from, int rows) {
    if (value instanceof SequenceValue maps) {
      return bits(maps.mapValues(), from, rows);
    }
    Tensor tensor = (Tensor) value;
    int width = tensor.dim(0) == 0 ? 0 : tensor.size() / tensor.dim(0);
    List<Object> bits = new ArrayList<>();
    for (int i = from * width; i < (from + rows) * width; i++) {
      bits.add(
          tensor instanceof StringTensor texts
              ? texts.get(i)
              : (Object) Double.doubleToLongBits(tensor.doubleAt(i)));
    }
    return bits;
  }

  private static List<Kernels> kernels() {
    List<Kernels> kernels = new ArrayList<>(List.of(KernelProvider.scalar()));
    KernelProvider.simd().ifPresent(kernels::add);
    return kernels;
  }

  @ParameterizedTest
  @MethodSource("nodes")
  void aRowAloneGivesTheSameBits(MlNode node) {
    Tensor x = features();
    List<OnnxValue> whole = node.all(x);
    for (Kernels kernels : kernels()) {
      for (int size : new int[] {1, 2, 17, ROWS}) {
        for (int from = 0; from + size <= ROWS; from += size) {
          Tensor part = x.view(x.offset() + from * COLUMNS, size, COLUMNS);
          List<OnnxValue> alone = node.all(kernels, part);
          for (int i = 0; i < whole.size(); i++) {
            assertThat(bits(alone.get(i), 0, size))
                .as("%s, rows %d to %d, output %d", kernels.name(), from, from + size, i)
                .isEqualTo(bits(whole.get(i), from, size));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("nodes")
  void noRowsGiveNoRows(MlNode node) {
    for (OnnxValue value : node.all(MlNode.matrix(COLUMNS))) {
      int rows = value instanceof SequenceValue maps ? maps.size() : ((Tensor) value).dim(0);
      assertThat(rows).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("nodes")
  void rowsStayRows(MlNode node) {
    ValueInfo x = ValueInfo.of(ElementType.FLOAT, Shape.of(Dim.symbol("n"), Dim.of(COLUMNS)));
    assertThat(node.batch(List.of(FIRST), x)).containsOnly(FIRST);
  }

  @Test
  void featuresAlongTheBatchAreCoupled() {
    ValueInfo list = ValueInfo.of(ElementType.FLOAT, Shape.of(Dim.symbol("n")));
    MlNode node = MlNode.of("Normalizer");
    assertThat(node.batch(List.of(FIRST), list).get(0).reason())
        .isEqualTo("Normalizer 'it': X of shape [n] is not known to be a matrix");
    ValueInfo turned = ValueInfo.of(ElementType.FLOAT, Shape.of(Dim.of(3), Dim.symbol("n")));
    assertThat(node.batch(List.of(BatchAxis.rows(1)), turned).get(0).reason())
        .isEqualTo("Normalizer 'it': works along the batch axis");
  }

  @Test
  void valuesPerColumnDoNotGoWithABatchOfColumns() {
    ValueInfo list = ValueInfo.of(ElementType.FLOAT, Shape.of(Dim.symbol("n")));
    MlNode one = MlNode.of("Scaler").reals("offset", 1);
    MlNode many = MlNode.of("Scaler").reals("offset", 1, 2);
    assertThat(one.batch(List.of(FIRST), list)).containsExactly(FIRST);
    assertThat(many.batch(List.of(FIRST), list).get(0).reason())
        .isEqualTo("Scaler 'it': works along the batch axis");
  }

  @Test
  void rowsOfPositionsPickFromSharedElements() {
    ValueInfo x = ValueInfo.of(ElementType.FLOAT, Shape.of(1, 30));
    ValueInfo y = ValueInfo.of(ElementType.INT64, Shape.of(Dim.symbol("n"), Dim.of(5)));
    MlNode node = MlNode.of("ArrayFeatureExtractor");
    assertThat(node.batch(List.of(BatchAxis.SHARED, FIRST), x, y))
        .containsExactly(BatchAxis.rows(1));
    assertThat(node.infer(x, y).get(0).type()).hasToString("float [1, 5*n]");
  }

  @Test
  void rowsOfSharedPositionsKeepTheirAxis() {
    ValueInfo x = ValueInfo.of(ElementType.FLOAT, Shape.of(Dim.symbol("n"), Dim.of(4)));
    ValueInfo y = ValueInfo.ofConstant(Tensor.of(new long[] {2, 0}, 2));
    MlNode node = MlNode.of("ArrayFeatureExtractor");
    assertThat(node.batch(List.of(FIRST, BatchAxis.SHARED), x, y)).containsExactly(FIRST);
  }

  @Test
  void labelsKeepTheBatchWhereverItIs() {
    ValueInfo x = ValueInfo.of(ElementType.STRING, Shape.of(Dim.of(2), Dim.symbol("n")));
    MlNode node = MlNode.of("LabelEncoder", 1).strings("classes_strings", "a");
    assertThat(node.batch(List.of(BatchAxis.rows(1)), x)).containsExactly(BatchAxis.rows(1));
  }

  @Test
  void everyInputOfAVectorizerMustHaveRows() {
    ValueInfo x = ValueInfo.of(ElementType.FLOAT, Shape.of(Dim.symbol("n"), Dim.of(2)));
    MlNode node = MlNode.of("FeatureVectorizer");
    assertThat(node.batch(List.of(FIRST, FIRST), x, x)).containsExactly(FIRST);
    assertThat(node.batch(Arrays.asList(FIRST, BatchAxis.SHARED), x, x).get(0).kind())
        .isEqualTo(BatchAxis.Kind.COUPLED);
  }
}
