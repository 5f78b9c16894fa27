package io.sparkonnx.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A matrix given by columns gives the same bits as the matrix itself. */
class ByColumnsTest {
  private static final int FEATURES = 5;

  /** More than one block of rows, with a short last one. */
  private static final int[] ROWS = {0, 1, 7, 16, 17, 4097, 9001};

  /** The number of features of a model over {@code x}, and how often it turns a matrix round. */
  private record Case(byte[] bytes, int features, int transposes) {}

  private static ModelBuilder model() {
    return ModelBuilder.opset(17)
        .opset("ai.onnx.ml", 3)
        .input("x", ElementType.FLOAT, "n", FEATURES)
        .output("y", ElementType.FLOAT, "n", null);
  }

  private static Tensor vector(double first, int... dims) {
    float[] values = new float[Tensor.sizeOf(dims)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (first + 0.37 * i * (i % 2 == 0 ? 1 : -1));
    }
    return Tensor.of(values, dims);
  }

  private static float[] floats(double first, int length) {
    return ((FloatTensor) vector(first, length)).toArray();
  }

  private static Case of(ModelBuilder builder, int transposes) {
    return new Case(builder.bytes(), FEATURES, transposes);
  }

  private static ModelBuilder scaled(ModelBuilder builder) {
    return builder.node(
        "ai.onnx.ml",
        "Scaler",
        List.of("x"),
        List.of("s"),
        "offset",
        floats(1, 5),
        "scale",
        floats(2, 5));
  }

  private static ModelBuilder linear(ModelBuilder builder) {
    return builder.node(
        "ai.onnx.ml",
        "LinearRegressor",
        List.of("s"),
        List.of("y"),
        "coefficients",
        floats(0.5, 10),
        "intercepts",
        floats(3, 2),
        "targets",
        2);
  }

  private static Map<String, Case> cases() {
    Map<String, Case> cases = new LinkedHashMap<>();
    cases.put("scaler and linear regressor", of(linear(scaled(model())), 0));
    cases.put(
        "imputer",
        of(
            linear(
                model()
                    .node(
                        "ai.onnx.ml",
                        "Imputer",
                        List.of("x"),
                        List.of("s"),
                        "imputed_value_floats",
                        floats(9, 5),
                        "replaced_value_float",
                        Float.NaN)),
            0));
    cases.put(
        "binarizer",
        of(
            linear(
                model()
                    .node(
                        "ai.onnx.ml", "Binarizer", List.of("x"), List.of("s"), "threshold", 0.1f)),
            0));
    cases.put(
        "standardised by arithmetic",
        of(
            model()
                .initializer("mean", vector(0.3, FEATURES))
                .initializer("std", vector(2, 1, FEATURES))
                .initializer("low", Tensor.of(new float[] {-1}))
                .initializer("w", vector(0.1, FEATURES, 3))
                .node("Sub", List.of("x", "mean"), List.of("c"))
                .node("Div", List.of("c", "std"), List.of("d"))
                .node("Clip", List.of("d", "low"), List.of("e"))
                .node("Tanh", List.of("e"), List.of("t"))
                .node("MatMul", List.of("t", "w"), List.of("y")),
            1));
    cases.put(
        "constant minus x",
        of(
            linear(
                model()
                    .initializer("one", Tensor.of(new float[] {1}, 1, 1))
                    .node("Sub", List.of("one", "x"), List.of("s"))),
            0));
    cases.put(
        "two branches joined",
        of(
            model()
                .initializer("w", vector(0.1, 2 * FEATURES, 3))
                .node("Abs", List.of("x"), List.of("a"))
                .node("Concat", List.of("a", "x"), List.of("c"), "axis", -1)
                .node("MatMul", List.of("c", "w"), List.of("y")),
            1));
    cases.put(
        "normalizer takes rows only",
        of(
            scaled(model())
                .node("ai.onnx.ml", "Normalizer", List.of("s"), List.of("n"), "norm", "L2")
                .node("Add", List.of("n", "s"), List.of("sum"))
                .node("ReduceMax", List.of("sum"), List.of("y"), "axes", new int[] {1}),
            1));
    cases.put("a matrix as output", of(model().node("Relu", List.of("x"), List.of("y")), 1));
    cases.put("layers", new Case(SampleNetworks.mlp().bytes(), 64, 1));
    SampleNetworks.Network trees = SampleNetworks.trees();
    cases.put("trees", new Case(trees.bytes(), trees.row()[0], 0));
    return cases;
  }

  static Stream<Arguments> casesAndKernels() {
    return cases().entrySet().stream()
        .flatMap(
            entry ->
                Stream.of("scalar", "simd")
                    .map(kernels -> Arguments.of(entry.getKey(), kernels, entry.getValue())));
  }

  private static float[] random(int rows, int columns) {
    Random random = new Random(rows);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 97 == 96 ? Float.NaN : (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] turned(float[] values, int rows, int columns) {
    float[] turned = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      turned[i % columns * rows + i / columns] = values[i];
    }
    return turned;
  }

  private static int[] bits(OnnxValue value) {
    float[] floats = ((FloatTensor) value).toArray();
    int[] bits = new int[floats.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToIntBits(floats[i]);
    }
    return bits;
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("casesAndKernels")
  void columnsGiveTheBitsOfRows(String name, String kernels, Case model) {
    LoadOptions options = LoadOptions.DEFAULT.withKernels(kernels);
    try (Model byRows = Model.load(model.bytes(), options);
        Model byColumns = Model.load(model.bytes(), options.withByColumns("x"));
        Session rowSession = byRows.newSession();
        Session columnSession = byColumns.newSession()) {
      for (int rows : ROWS) {
        float[] x = random(rows, model.features());
        float[] turned = turned(x, rows, model.features());
        OnnxValue expected =
            rowSession.run(Map.of("x", Tensor.of(x, rows, model.features()))).get("y");
        OnnxValue actual =
            columnSession.run(Map.of("x", Tensor.of(turned, model.features(), rows))).get("y");
        assertThat(bits(actual)).as("%d rows", rows).isEqualTo(bits(expected));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("casesAndKernels")
  void aMatrixIsTurnedRoundOnlyWhereAnOperatorNeedsRows(String name, String kernels, Case model) {
    try (Model byColumns =
        Model.load(model.bytes(), LoadOptions.DEFAULT.withByColumns("x").withKernels(kernels))) {
      assertThat(byColumns.summary().steps().getOrDefault("Transpose", 0))
          .isEqualTo(model.transposes());
    }
  }

  private static int transposes(byte[] bytes, LoadOptions options) {
    try (Model model = Model.load(bytes, options)) {
      return model.summary().steps().getOrDefault("Transpose", 0);
    }
  }

  @Test
  void aChainOfProductsTakesRowsAndTurnsItsResultByItself() {
    assertThat(transposes(SampleNetworks.mlp().bytes(), LoadOptions.DEFAULT)).isEqualTo(1);
  }

  @Test
  void withoutOptimizationNothingIsTurnedByItself() {
    LoadOptions plain = LoadOptions.DEFAULT.withOptimize(false);
    assertThat(transposes(SampleNetworks.mlp().bytes(), plain)).isZero();
  }

  @Test
  void aProductAloneStaysByRows() {
    ModelBuilder one =
        model()
            .initializer("w", vector(0.1, FEATURES, 3))
            .node("MatMul", List.of("x", "w"), List.of("y"));
    assertThat(transposes(one.bytes(), LoadOptions.DEFAULT)).isZero();
  }

  @Test
  void aChainWithAWideResultStaysByRows() {
    ModelBuilder wide =
        model()
            .initializer("w1", vector(0.1, FEATURES, 4))
            .initializer("w2", vector(0.1, 4, 30))
            .node("MatMul", List.of("x", "w1"), List.of("h"))
            .node("Relu", List.of("h"), List.of("r"))
            .node("MatMul", List.of("r", "w2"), List.of("y"));
    assertThat(transposes(wide.bytes(), LoadOptions.DEFAULT)).isZero();
  }

  @Test
  void aVectorTimesAChainsResultKeepsItsRank() {
    ModelBuilder graph =
        ModelBuilder.opset(17)
            .input("x", ElementType.FLOAT, "n", FEATURES)
            .output("y", ElementType.FLOAT, 8)
            .initializer("w1", vector(0.1, FEATURES, 64))
            .initializer("w2", vector(0.1, 64, 8))
            .initializer("c", vector(0.2, 3))
            .node("MatMul", List.of("x", "w1"), List.of("h"))
            .node("MatMul", List.of("h", "w2"), List.of("g"))
            .node("MatMul", List.of("c", "g"), List.of("y"));
    try (Model model = Model.load(graph.bytes(), LoadOptions.DEFAULT);
        Session session = model.newSession()) {
      Tensor x = Tensor.of(random(3, FEATURES), 3, FEATURES);
      assertThat(((Tensor) session.run(Map.of("x", x)).get("y")).dims()).containsExactly(8);
    }
  }

  @Test
  void theSignatureShowsTheTurnedShape() {
    byte[] bytes = cases().get("scaler and linear regressor").bytes();
    try (Model model = Model.load(bytes, LoadOptions.DEFAULT.withByColumns("x"))) {
      assertThat(model.signature().inputs().get(0)).hasToString("x: float [5, n]");
      assertThat(model.batching().inputAxes()).containsEntry("x", 1);
    }
  }

  @Test
  void anInputThatIsNoMatrixIsRefused() {
    byte[] image =
        ModelBuilder.opset(17)
            .input("x", ElementType.FLOAT, "n", 2, 2)
            .output("y", ElementType.FLOAT, "n", 2, 2)
            .node("Relu", List.of("x"), List.of("y"))
            .bytes();
    assertThatThrownBy(() -> Model.load(image, LoadOptions.DEFAULT.withByColumns("x")))
        .isInstanceOf(OnnxException.class)
        .hasMessage("'x' is no input that can come by columns, a matrix; these are []");
  }
}
