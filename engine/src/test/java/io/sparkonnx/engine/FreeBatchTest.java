package io.sparkonnx.engine;

import static io.sparkonnx.engine.tensor.ElementType.FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Models whose file fixes the batch at 1: which take more rows, and what prevents the others. */
class FreeBatchTest {
  private static final int ROWS = 7;
  private static final LoadOptions AS_IN_THE_FILE = LoadOptions.DEFAULT.withFreeBatch(false);

  private static Tensor shape(long... sizes) {
    return Tensor.of(sizes, sizes.length);
  }

  private static Tensor floats(int... dims) {
    Random random = new Random(Arrays.hashCode(dims));
    float[] values = new float[Tensor.sizeOf(dims)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, dims);
  }

  /** From x [1, 4, 6] on; the node to look at is called 'node'. */
  private static ModelBuilder over(int opset) {
    return ModelBuilder.opset(opset).input("x", FLOAT, 1, 4, 6);
  }

  private static ModelBuilder reshape(long... target) {
    return over(13)
        .initializer("target", shape(target))
        .node("Reshape", List.of("x", "target"), List.of("y"))
        .named("node");
  }

  static Stream<Arguments> freed() {
    return Stream.of(
        Arguments.of("element-wise", over(13).node("Relu", List.of("x"), List.of("y")), "4, 6"),
        Arguments.of("a reshape that names the batch", reshape(1, 24), "24"),
        Arguments.of("a reshape that leaves the rest open", reshape(1, -1), "24"),
        Arguments.of("a reshape that leaves the batch open", reshape(-1, 24), "24"),
        Arguments.of("a reshape that copies the batch", reshape(0, 2, 12), "2, 12"),
        Arguments.of(
            "a reshape whose target is an attribute",
            ModelBuilder.opset(1)
                .input("x", FLOAT, 1, 4, 6)
                .node("Reshape", List.of("x"), List.of("y"), "shape", new long[] {1, 3, 8}),
            "3, 8"),
        Arguments.of(
            "heads of attention",
            over(13)
                .initializer("heads", shape(1, 4, 2, 3))
                .initializer("joined", shape(1, 4, 6))
                .node("Reshape", List.of("x", "heads"), List.of("h"))
                .node("Transpose", List.of("h"), List.of("t"), "perm", new long[] {0, 2, 1, 3})
                .node("Softmax", List.of("t"), List.of("s"))
                .node("Transpose", List.of("s"), List.of("b"), "perm", new long[] {0, 2, 1, 3})
                .node("Reshape", List.of("b", "joined"), List.of("y")),
            "4, 6"),
        Arguments.of(
            "heads folded into the batch",
            over(13)
                .initializer("heads", shape(4, 2, 3))
                .initializer("joined", shape(1, 24))
                .node("Reshape", List.of("x", "heads"), List.of("h"))
                .node("Softmax", List.of("h"), List.of("s"))
                .node("Reshape", List.of("s", "joined"), List.of("y")),
            "24"),
        Arguments.of(
            "a constant that is broadcast",
            over(13).initializer("c", floats(1, 4, 6)).node("Add", List.of("x", "c"), List.of("y")),
            "4, 6"),
        Arguments.of(
            "a constant that is joined with each row",
            over(13)
                .initializer("c", floats(1, 1, 6))
                .node("Concat", List.of("c", "x", "c"), List.of("y"), "axis", 1L),
            "6, 6"),
        Arguments.of(
            "an expansion that names the batch",
            over(13)
                .initializer("target", shape(1, 3, 4, 6))
                .initializer("axis", shape(1))
                .node("Unsqueeze", List.of("x", "axis"), List.of("u"))
                .node("Expand", List.of("u", "target"), List.of("y")),
            "3, 4, 6"),
        Arguments.of(
            "an initial value of zeros",
            over(13)
                .initializer("target", shape(1, 4, 6))
                .node("ConstantOfShape", List.of("target"), List.of("z"))
                .node("Sub", List.of("z", "x"), List.of("y")),
            "4, 6"),
        Arguments.of(
            "a shape that is computed",
            over(13)
                .initializer("zero", shape(0))
                .initializer("rest", shape(24))
                .node("Shape", List.of("x"), List.of("s"))
                .node("Gather", List.of("s", "zero"), List.of("n"))
                .node("Concat", List.of("n", "rest"), List.of("target"), "axis", 0L)
                .node("Reshape", List.of("x", "target"), List.of("y")),
            "24"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("freed")
  void rowsThatAreProvenIndependentGoTogether(String name, ModelBuilder builder, String row) {
    byte[] bytes = builder.output("y").bytes();
    try (Model model = Model.load(bytes, LoadOptions.DEFAULT)) {
      assertThat(model.batching().text())
          .isEqualTo(
              "any number of rows, each on its own: the file fixes the batch at 1, which nothing in"
                  + " it needs");
      assertThat(model.batching().inputAxes()).isEqualTo(Map.of("x", 0));
      assertThat(model.batching().outputAxes()).isEqualTo(Map.of("y", 0));
      assertThat(model.signature())
          .hasToString("[x: float [batch, 4, 6]] -> [y: float [batch, " + row + "]]");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("freed")
  void eachRowGetsTheBitsThatTheFileGivesItAlone(String name, ModelBuilder builder, String row) {
    byte[] bytes = builder.output("y").bytes();
    FloatTensor x = (FloatTensor) floats(ROWS, 4, 6);
    try (Model model = Model.load(bytes, LoadOptions.DEFAULT);
        Model file = Model.load(bytes, AS_IN_THE_FILE);
        Session together = model.newSession();
        Session alone = file.newSession()) {
      assertThat(file.batching().kind()).isEqualTo(Batching.Kind.FIXED);
      float[] all = ((FloatTensor) together.run(Map.of("x", x)).get("y")).toArray();
      int size = all.length / ROWS;
      for (int i = 0; i < ROWS; i++) {
        OnnxValue one = x.view(i * 24, 1, 4, 6);
        float[] expected = ((FloatTensor) alone.run(Map.of("x", one)).get("y")).toArray();
        assertThat(Arrays.copyOfRange(all, i * size, (i + 1) * size)).isEqualTo(expected);
        assertThat(((FloatTensor) together.run(Map.of("x", one)).get("y")).toArray())
            .isEqualTo(expected);
      }
    }
  }

  static Stream<Arguments> fixed() {
    return Stream.of(
        Arguments.of(
            "the batch is dropped",
            over(13)
                .initializer("axis", shape(0))
                .node("Squeeze", List.of("x", "axis"), List.of("y"))
                .named("node"),
            "Squeeze 'node'"),
        Arguments.of(
            "all axes of length 1 are dropped",
            over(13).node("Squeeze", List.of("x"), List.of("y")).named("node"),
            "Squeeze 'node'"),
        Arguments.of(
            "a row is picked",
            over(13)
                .initializer("first", Tensor.of(new long[] {0}))
                .node("Gather", List.of("x", "first"), List.of("y"))
                .named("node"),
            "Gather 'node': picks along the batch axis"),
        Arguments.of(
            "the mean goes over everything",
            over(13).node("ReduceMean", List.of("x"), List.of("y")).named("node"),
            "ReduceMean 'node'"),
        Arguments.of(
            "probabilities along axis 0",
            over(13).node("Softmax", List.of("x"), List.of("y"), "axis", 0L).named("node"),
            "Softmax 'node': works along the batch axis"),
        Arguments.of(
            "rows are put below each other",
            over(13).node("Concat", List.of("x", "x"), List.of("y"), "axis", 0L).named("node"),
            "Concat 'node': concatenates along the batch axis"),
        Arguments.of(
            "the batch is the last axis of the output",
            over(13)
                .node("Transpose", List.of("x"), List.of("y"), "perm", new long[] {1, 2, 0})
                .named("node"),
            "output 'y' has its rows along axis 2"),
        Arguments.of(
            "the output has no axis for the batch", reshape(24), "output 'y' has 24*batch rows"),
        Arguments.of(
            "the output is a constant",
            over(13).initializer("c", floats(1, 3)).node("Relu", List.of("c"), List.of("y")),
            "output 'y' is the same for all rows"),
        Arguments.of(
            "the output is a size",
            over(13).node("Shape", List.of("x"), List.of("y")),
            "output 'y' is a function of the number of rows"),
        Arguments.of(
            "a matrix takes the row as its first axis",
            over(13)
                .initializer("flat", shape(24))
                .initializer("w", floats(24, 3))
                .node("Reshape", List.of("x", "flat"), List.of("f"))
                .node("MatMul", List.of("f", "w"), List.of("y"))
                .named("node"),
            "MatMul 'node'"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fixed")
  void otherModelsTakeOneRowAndSayWhy(String name, ModelBuilder builder, String reason) {
    try (Model model = Model.load(builder.output("y").bytes(), LoadOptions.DEFAULT)) {
      assertThat(model.batching().kind()).isEqualTo(Batching.Kind.FIXED);
      assertThat(model.batching().reason())
          .startsWith("the file fixes the batch at 1, and more rows would not go through it: ")
          .contains(reason);
      assertThat(model.signature().inputs()).hasToString("[x: float [1, 4, 6]]");
    }
  }

  @Test
  void anInputWithoutALeadingOneKeepsTheOthersAsTheyAre() {
    byte[] bytes =
        ModelBuilder.opset(13)
            .input("x", FLOAT, 1, 3)
            .input("scale", FLOAT, 3)
            .node("Mul", List.of("x", "scale"), List.of("y"))
            .output("y")
            .bytes();
    try (Model model = Model.load(bytes, LoadOptions.DEFAULT)) {
      assertThat(model.batching().kind()).isEqualTo(Batching.Kind.FIXED);
      assertThat(model.batching().reason()).isEqualTo("every input has a fixed shape");
    }
  }

  @Test
  void otherDimensionsMayBeOpen() {
    ModelBuilder builder =
        ModelBuilder.opset(13)
            .input("x", FLOAT, 1, "length", 6)
            .initializer("w", floats(6, 2))
            .node("MatMul", List.of("x", "w"), List.of("p"))
            .node("Softmax", List.of("p"), List.of("y"), "axis", 1L)
            .output("y");
    try (Model model = Model.load(builder.bytes(), LoadOptions.DEFAULT)) {
      assertThat(model.signature())
          .hasToString("[x: float [batch, length, 6]] -> [y: float [batch, length, 2]]");
    }
    builder.node("Squeeze", List.of("x"), List.of("z")).output("z");
    try (Model model = Model.load(builder.bytes(), LoadOptions.DEFAULT);
        Session session = model.newSession()) {
      assertThat(model.batching().kind()).isEqualTo(Batching.Kind.FIXED);
      assertThat(session.run(Map.of("x", floats(1, 5, 6)))).containsKeys("y", "z");
    }
  }

  @Test
  void theSymbolOfTheRowsIsNoneOfTheFilesOwn() {
    byte[] bytes =
        ModelBuilder.opset(13)
            .input("x", FLOAT, 1, "batch", "rows")
            .node("Softmax", List.of("x"), List.of("y"))
            .output("y")
            .bytes();
    try (Model model = Model.load(bytes, LoadOptions.DEFAULT)) {
      assertThat(model.signature().outputs()).hasToString("[y: float [batch_1, batch, rows]]");
    }
  }
}
