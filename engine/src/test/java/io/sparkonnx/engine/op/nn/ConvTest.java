package io.sparkonnx.engine.op.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.Session;
import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.math.Numbers;
import io.sparkonnx.engine.op.tensor.OneOperator;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConvTest {
  private static final Dim N = Dim.symbol("n");
  private static final Dim H = Dim.symbol("h");

  record Case(
      String name, int group, long[] strides, long[] dilations, long[] pads, int[] x, int[] w) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> cases() {
    return List.of(
        new Case(
            "one axis",
            1,
            null,
            null,
            new long[] {2, 0},
            new int[] {2, 3, 17},
            new int[] {5, 3, 4}),
        new Case("plain", 1, null, null, null, new int[] {1, 3, 7, 9}, new int[] {4, 3, 3, 2}),
        new Case(
            "groups",
            2,
            new long[] {2, 3},
            null,
            new long[] {1, 0, 2, 1},
            new int[] {3, 4, 8, 11},
            new int[] {6, 2, 3, 3}),
        new Case(
            "depthwise",
            5,
            null,
            new long[] {2, 1},
            new long[] {2, 1, 2, 1},
            new int[] {2, 5, 9, 7},
            new int[] {5, 1, 3, 3}),
        new Case(
            "one by one", 1, null, null, null, new int[] {2, 16, 5, 5}, new int[] {17, 16, 1, 1}),
        new Case(
            "three axes",
            1,
            new long[] {1, 2, 1},
            null,
            new long[] {1, 1, 1, 1, 1, 1},
            new int[] {1, 2, 4, 5, 6},
            new int[] {3, 2, 3, 3, 3}),
        new Case("no image", 1, null, null, null, new int[] {0, 3, 7, 9}, new int[] {4, 3, 3, 2}));
  }

  private static OneOperator conv(Case c) {
    OneOperator conv = OneOperator.of("Conv", 11).with("group", (long) c.group());
    if (c.strides() != null) {
      conv.with("strides", c.strides());
    }
    if (c.dilations() != null) {
      conv.with("dilations", c.dilations());
    }
    return c.pads() == null ? conv : conv.with("pads", c.pads());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void sumsTapsOverChannels(Case c) {
    FloatTensor x = Numbers.random(1, c.x());
    FloatTensor w = Numbers.random(2, c.w());
    FloatTensor b = Numbers.random(3, c.w()[0]);
    Tensor y = conv(c).run(x, w, b);
    DoubleTensor expected =
        (DoubleTensor) conv(c).run(Numbers.doubles(x), Numbers.doubles(w), Numbers.doubles(b));
    assertThat(y.dims()).isEqualTo(expected.dims());
    for (int i = 0; i < y.size(); i++) {
      assertThat(y.doubleAt(i)).isCloseTo(expected.doubleAt(i), within(1e-4));
    }
  }

  @Test
  void computesDoublesByTheDefinition() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 1, 1, 3, 3);
    Tensor w = Tensor.of(new double[] {1, 10, 100, 1000}, 1, 1, 2, 2);
    DoubleTensor y = (DoubleTensor) OneOperator.of("Conv", 11).run(x, w);
    assertThat(y.array()).containsExactly(5421, 6532, 8754, 9865);
  }

  @Test
  void computesHalvesAsFloatsAndRoundsOnce() {
    Tensor x = Numbers.of(ElementType.FLOAT16, new int[] {1, 1, 2}, 2048, 1);
    Tensor w = Numbers.of(ElementType.FLOAT16, new int[] {1, 1, 2}, 1, 3);
    Tensor y = OneOperator.of("Conv", 11).run(x, w);
    assertThat(y.type()).isEqualTo(ElementType.FLOAT16);
    assertThat(y.doubleAt(0)).isEqualTo(2052);
  }

  @Test
  void padsForTheSameLength() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 1, 1, 4);
    Tensor w = Tensor.of(new float[] {1, 10}, 1, 1, 2);
    OneOperator upper = OneOperator.of("Conv", 11).with("auto_pad", "SAME_UPPER");
    OneOperator lower = OneOperator.of("Conv", 11).with("auto_pad", "SAME_LOWER");
    assertThat(((FloatTensor) upper.run(x, w)).toArray()).containsExactly(21, 32, 43, 4);
    assertThat(((FloatTensor) lower.run(x, w)).toArray()).containsExactly(10, 21, 32, 43);
  }

  @Test
  void infersSymbolicLengths() {
    OneOperator conv =
        OneOperator.of("Conv", 11)
            .with("strides", new long[] {2, 1})
            .with("pads", new long[] {1, 1, 1, 1});
    ValueInfo y =
        conv.infer(
            ValueInfo.of(ElementType.FLOAT, Shape.of(N, Dim.of(3), H, Dim.of(8))),
            ValueInfo.of(ElementType.FLOAT, Shape.of(4, 3, 3, 3)));
    Dim half = H.plus(-1).floorDiv(2).plus(1);
    assertThat(y.shape()).isEqualTo(Shape.of(N, Dim.of(4), half, Dim.of(8)));
  }

  @Test
  void refusesOtherChannels() {
    assertThatThrownBy(
            () ->
                OneOperator.of("Conv", 11)
                    .run(Numbers.random(1, 1, 3, 5), Numbers.random(2, 4, 2, 3)))
        .hasMessageContaining("X has 3 channels but W [4, 2, 3] in 1 groups expects 2");
  }

  @Test
  void refusesAWindowLargerThanTheImage() {
    assertThatThrownBy(
            () ->
                OneOperator.of("Conv", 11)
                    .run(Numbers.random(1, 1, 2, 2), Numbers.random(2, 4, 2, 3)))
        .hasMessageContaining("a window of 3 does not fit spatial axis 0 of length 2");
  }

  @Test
  void refusesUnknownPadding() {
    assertThatThrownBy(() -> OneOperator.of("Conv", 11).with("auto_pad", "FULL").operator())
        .hasMessageContaining("auto_pad is 'FULL'");
  }

  @Test
  void keepsTheBatchOfImages() {
    ValueInfo x = ValueInfo.of(ElementType.FLOAT, Shape.of(N, Dim.of(3), H, H));
    ValueInfo w = ValueInfo.of(ElementType.FLOAT, Shape.of(4, 3, 3, 3));
    List<BatchAxis> axes = List.of(BatchAxis.rows(0), BatchAxis.SHARED);
    assertThat(OneOperator.of("Conv", 11).batch(axes, x, w)).isEqualTo(BatchAxis.rows(0));
  }

  @Test
  void isCoupledWhereTheBatchIsAChannel() {
    ValueInfo x = ValueInfo.of(ElementType.FLOAT, Shape.of(Dim.ONE, N, H, H));
    ValueInfo w = ValueInfo.of(ElementType.FLOAT, Shape.of(4, 3, 3, 3));
    List<BatchAxis> axes = List.of(BatchAxis.rows(1), BatchAxis.SHARED);
    assertThat(OneOperator.of("Conv", 11).batch(axes, x, w).kind())
        .isEqualTo(BatchAxis.Kind.COUPLED);
  }

  @Test
  void givesTheSameBitsForWeightsGivenAtRunTime() {
    FloatTensor x = Numbers.random(1, 2, 3, 9, 9);
    FloatTensor w = Numbers.random(2, 4, 3, 3, 3);
    ModelBuilder constant = ModelBuilder.opset(13).input("x", ElementType.FLOAT, "N", 3, 9, 9);
    ModelBuilder given =
        ModelBuilder.opset(13)
            .input("x", ElementType.FLOAT, "N", 3, 9, 9)
            .input("w", ElementType.FLOAT, 4, 3, 3, 3);
    constant.initializer("w", w.copy());
    float[] packed = run(model(constant), Map.of("x", x));
    assertThat(run(model(given), Map.of("x", x, "w", w))).isEqualTo(packed);
  }

  private static Model model(ModelBuilder builder) {
    byte[] bytes =
        builder
            .node("Conv", List.of("x", "w"), List.of("y"))
            .output("y", ElementType.FLOAT, "N", 4, 7, 7)
            .bytes();
    return Model.load(bytes, LoadOptions.DEFAULT);
  }

  private static float[] run(Model model, Map<String, Tensor> inputs) {
    try (model;
        Session session = model.newSession()) {
      return ((FloatTensor) session.run(inputs).get("y")).toArray();
    }
  }

  @Test
  void followsTheImagesSizeWithItsPadding() {
    byte[] bytes =
        ModelBuilder.opset(13)
            .input("x", ElementType.FLOAT, "N", 1, "L")
            .initializer("w", Tensor.of(new float[] {1, 10, 100}, 1, 1, 3))
            .node(
                "Conv",
                List.of("x", "w"),
                List.of("y"),
                "auto_pad",
                "SAME_UPPER",
                "strides",
                new int[] {2})
            .output("y", ElementType.FLOAT, "N", 1, null)
            .bytes();
    try (Model model = Model.load(bytes, LoadOptions.DEFAULT);
        Session session = model.newSession()) {
      Tensor four = Tensor.of(new float[] {1, 2, 3, 4}, 1, 1, 4);
      Tensor five = Tensor.of(new float[] {1, 2, 3, 4, 5}, 1, 1, 5);
      assertThat(((FloatTensor) session.run(Map.of("x", four)).get("y")).toArray())
          .containsExactly(321, 43);
      assertThat(((FloatTensor) session.run(Map.of("x", five)).get("y")).toArray())
          .containsExactly(210, 432, 54);
    }
  }
}
