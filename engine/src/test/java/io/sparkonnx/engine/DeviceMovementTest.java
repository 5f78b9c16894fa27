package io.sparkonnx.engine;

import static io.sparkonnx.engine.tensor.ElementType.BOOL;
import static io.sparkonnx.engine.tensor.ElementType.FLOAT;
import static io.sparkonnx.engine.tensor.ElementType.INT64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps that move elements, on a device. */
class DeviceMovementTest {
  private static final int ROWS = 23;

  private static DeviceComparison both;

  @BeforeAll
  static void open() {
    both = new DeviceComparison();
  }

  @AfterAll
  static void close() {
    if (both != null) {
      both.close();
    }
  }

  private static Tensor normal(int seed, int... dims) {
    float[] values = new float[Tensor.sizeOf(dims)];
    Random random = new Random(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, dims);
  }

  private static Tensor floats(int seed, int... dims) {
    FloatTensor values = (FloatTensor) normal(seed, dims);
    for (int i = 5; i < values.size(); i += 19) {
      values.array()[i] = i % 2 == 0 ? Float.NaN : -0f;
    }
    return values;
  }

  private static Tensor longs(long... values) {
    return Tensor.of(values, values.length);
  }

  /** A model whose input x is [n, dims…]. */
  private static ModelBuilder rows(int... dims) {
    Object[] shape = new Object[dims.length + 1];
    shape[0] = "n";
    for (int i = 0; i < dims.length; i++) {
      shape[i + 1] = dims[i];
    }
    return ModelBuilder.opset(18).input("x", FLOAT, shape);
  }

  private static Map<String, Tensor> x(int... dims) {
    int[] shape = new int[dims.length + 1];
    shape[0] = ROWS;
    System.arraycopy(dims, 0, shape, 1, dims.length);
    return Map.of("x", floats(1, shape));
  }

  private static void assertOnDeviceAlone(ModelBuilder model, Map<String, Tensor> inputs) {
    DeviceUse use = both.compare(model.bytes(), inputs);
    assertThat(use.deviceSteps()).isPositive();
    assertThat(use.cpuSteps()).isZero();
  }

  /** A node on x with constants as its other inputs. */
  private static void assertOnDeviceAlone(
      String type, int[] dims, List<Tensor> constants, Object... attributes) {
    ModelBuilder model = rows(dims);
    List<String> inputs = new ArrayList<>(List.of("x"));
    for (Tensor constant : constants) {
      inputs.add("c" + inputs.size());
      model.initializer(inputs.get(inputs.size() - 1), constant);
    }
    model.node(type, inputs, List.of("y"), attributes).output("y");
    assertOnDeviceAlone(model, x(dims));
  }

  private static int[] dims(int... lengths) {
    return lengths;
  }

  @Test
  void slicesForwardBackwardAndClamped() {
    assertOnDeviceAlone(
        "Slice", dims(7, 5), List.of(longs(1, 0), longs(100, -1), longs(1, 2), longs(2, 1)));
    assertOnDeviceAlone(
        "Slice", dims(7, 5), List.of(longs(-1, 4), longs(-100, 0), longs(1, -1), longs(-1, -3)));
    assertOnDeviceAlone("Slice", dims(2, 3, 2, 3, 4), List.of(longs(1), longs(3), longs(2)));
  }

  @Test
  void slicesByBoundsThatARunGives() {
    ModelBuilder model =
        rows(7)
            .input("starts", INT64, 1)
            .initializer("ends", longs(6))
            .initializer("axes", longs(1))
            .node("Slice", List.of("x", "starts", "ends", "axes"), List.of("s"))
            .node("Relu", List.of("s"), List.of("y"))
            .output("y");
    Map<String, Tensor> inputs = new HashMap<>(x(7));
    inputs.put("starts", longs(2));
    both.compare(model.bytes(), inputs);
  }

  @Test
  void partsOfEqualAndGivenLengths() {
    ModelBuilder model =
        rows(8, 3)
            .initializer("lengths", longs(1, 5, 2))
            .node("Split", List.of("x"), List.of("a", "b"), "axis", 1L, "num_outputs", 2L)
            .node("Split", List.of("x", "lengths"), List.of("c", "", "d"), "axis", -2L)
            .node("Split", List.of("x"), List.of("e", "f"), "axis", 2L, "num_outputs", 2L);
    List.of("a", "b", "c", "d", "e", "f").forEach(model::output);
    assertOnDeviceAlone(model, x(8, 3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"constant", "reflect", "edge", "wrap"})
  void padsOfEveryMode(String mode) {
    Tensor pads = longs(0, 0, 2, 1, 0, 0, 3, 4);
    assertOnDeviceAlone("Pad", dims(2, 4, 5), List.of(pads), "mode", mode);
    Tensor value = Tensor.of(new float[] {-7.5f});
    Tensor negative = longs(-1, 3, 2, -2);
    assertOnDeviceAlone("Pad", dims(2, 4, 5), List.of(negative, value, longs(2, -1)), "mode", mode);
  }

  @Test
  void repetitions() {
    assertOnDeviceAlone("Expand", dims(1, 3), List.of(longs(2, 1, 5, 3)));
    assertOnDeviceAlone("Tile", dims(2, 3), List.of(longs(1, 3, 2)));
    assertOnDeviceAlone("Tile", dims(2, 3, 2, 2), List.of(longs(1, 3, 2, 1, 2)));
  }

  @Test
  void picksOfOneOfSomeAndOfEverySecond() {
    Tensor last = Tensor.of(new long[] {-1});
    assertOnDeviceAlone("Gather", dims(6, 5), List.of(last), "axis", 1L);
    assertOnDeviceAlone("Gather", dims(6, 5), List.of(longs(4, 2, 0)), "axis", 1L);
    Tensor table = Tensor.of(new long[] {5, 0, -1, 3, 3, 1}, 2, 3);
    assertOnDeviceAlone("Gather", dims(6, 5), List.of(table), "axis", 1L);
    assertOnDeviceAlone("Gather", dims(6, 5), List.of(longs(3, 0, 4, 4)), "axis", -1L);
  }

  private static ModelBuilder embedding() {
    return ModelBuilder.opset(18)
        .input("ids", INT64, "n", 4)
        .initializer("table", floats(2, 50, 6))
        .node("Gather", List.of("table", "ids"), List.of("g"))
        .node("Relu", List.of("g"), List.of("y"))
        .output("y", FLOAT, "n", 4, 6);
  }

  @Test
  void embeddingsByIndicesThatARunGives() {
    long[] ids = new Random(3).longs(ROWS * 4, -50, 50).toArray();
    assertOnDeviceAlone(embedding(), Map.of("ids", Tensor.of(ids, ROWS, 4)));
  }

  @Test
  void anIndexOutsideTheTableIsRefusedBeforeAKernelRuns() {
    try (Model model = both.load(embedding().bytes());
        Session session = model.newSession()) {
      for (long wrong : new long[] {50, -51, Long.MAX_VALUE}) {
        Map<String, Tensor> inputs = Map.of("ids", Tensor.of(new long[] {0, 1, wrong, 2}, 1, 4));
        assertThatThrownBy(() -> session.run(inputs))
            .isInstanceOf(OnnxException.class)
            .hasMessageContaining("index " + wrong + " is outside an axis of 50");
      }
    }
  }

  @Test
  void transpositionsAndJoinsOfManyAxes() {
    assertOnDeviceAlone(
        "Transpose", dims(2, 3, 2, 3, 4), List.of(), "perm", new long[] {0, 4, 2, 5, 1, 3});
    ModelBuilder model =
        rows(2, 3, 2, 2).node("Concat", List.of("x", "x"), List.of("y"), "axis", 3L).output("y");
    assertOnDeviceAlone(model, x(2, 3, 2, 2));
  }

  @Test
  void depthAndSpace() {
    for (String mode : List.of("DCR", "CRD")) {
      assertOnDeviceAlone("DepthToSpace", dims(12, 3, 5), List.of(), "blocksize", 2L, "mode", mode);
    }
    assertOnDeviceAlone("SpaceToDepth", dims(2, 6, 9), List.of(), "blocksize", 3L);
  }

  @Test
  void choicesByConditionsThatARunGives() {
    ModelBuilder model =
        rows(3, 5)
            .input("test", BOOL, "n", 1, 5)
            .initializer("other", floats(4, 3, 1))
            .node("Where", List.of("test", "x", "other"), List.of("y"))
            .output("y");
    boolean[] tests = new boolean[ROWS * 5];
    for (int i = 0; i < tests.length; i += 3) {
      tests[i] = true;
    }
    Map<String, Tensor> inputs = new HashMap<>(x(3, 5));
    inputs.put("test", Tensor.of(tests, ROWS, 1, 5));
    assertOnDeviceAlone(model, inputs);
  }

  @Test
  void aValueWhoseShapeAloneIsReadStaysOnTheDevice() {
    ModelBuilder model =
        rows(3, 5)
            .node("Exp", List.of("x"), List.of("e"))
            .node("Shape", List.of("e"), List.of("s"))
            .node("Transpose", List.of("e"), List.of("y"))
            .output("s")
            .output("y");
    assertThat(both.compare(model.bytes(), x(3, 5)).downloads()).isEqualTo(1);
  }

  @Test
  void boundsSlopesAndPowers() {
    Tensor low = Tensor.of(new float[] {-0.5f});
    assertOnDeviceAlone("Clip", dims(3, 5), List.of(low));
    assertOnDeviceAlone("PRelu", dims(3, 5), List.of(floats(5, 3, 1)));
    assertOnDeviceAlone("Pow", dims(3, 5), List.of(Tensor.of(new float[] {2f})));
    assertOnDeviceAlone("Pow", dims(3, 5), List.of(Tensor.of(new long[] {2})));
    assertOnDeviceAlone("Pow", dims(3, 5), List.of(floats(6, 5)));
  }

  /** Two heads; queries, keys and values come of one product; keys behind the query are masked. */
  @Test
  void maskedAttentionOfJoinedQueriesKeysAndValues() {
    ModelBuilder model =
        rows(9, 32)
            .initializer("w", normal(7, 32, 96))
            .initializer("heads", longs(0, 9, 2, 16))
            .initializer("joined", longs(0, 9, 32))
            .initializer("root", Tensor.of(new float[] {4}))
            .initializer("low", Tensor.of(new float[] {-1e4f}))
            .initializer("mask", triangle(9))
            .node("MatMul", List.of("x", "w"), List.of("qkv"))
            .node("Split", List.of("qkv"), List.of("q", "k", "v"), "axis", 2L, "num_outputs", 3L);
    long[][] orders = {{0, 2, 1, 3}, {0, 2, 3, 1}, {0, 2, 1, 3}};
    for (int i = 0; i < 3; i++) {
      String part = List.of("q", "k", "v").get(i);
      model
          .node("Reshape", List.of(part, "heads"), List.of(part + "h"))
          .node("Transpose", List.of(part + "h"), List.of(part + "t"), "perm", orders[i]);
    }
    model
        .node("MatMul", List.of("qt", "kt"), List.of("qk"))
        .node("Div", List.of("qk", "root"), List.of("scaled"))
        .node("Where", List.of("mask", "scaled", "low"), List.of("masked"))
        .node("Softmax", List.of("masked"), List.of("weights"))
        .node("MatMul", List.of("weights", "vt"), List.of("o"))
        .node("Transpose", List.of("o"), List.of("ot"), "perm", new long[] {0, 2, 1, 3})
        .node("Reshape", List.of("ot", "joined"), List.of("y"))
        .output("y");
    DeviceUse use = both.compare(model.bytes(), Map.of("x", normal(8, ROWS, 9, 32)));
    assertThat(use.cpuSteps()).isZero();
    assertThat(use.uploads()).isEqualTo(1);
    assertThat(use.downloads()).isEqualTo(1);
  }

  private static Tensor triangle(int size) {
    boolean[] tests = new boolean[size * size];
    for (int i = 0; i < tests.length; i++) {
      tests[i] = i % size <= i / size;
    }
    return Tensor.of(tests, 1, 1, size, size);
  }
}
