package io.sparkonnx.engine;

import static io.sparkonnx.engine.tensor.ElementType.BOOL;
import static io.sparkonnx.engine.tensor.ElementType.FLOAT;
import static io.sparkonnx.engine.tensor.ElementType.INT32;
import static io.sparkonnx.engine.tensor.ElementType.INT64;
import static io.sparkonnx.engine.tensor.ElementType.INT8;
import static io.sparkonnx.engine.tensor.ElementType.UINT8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps on a device that take or give truth values and integers. */
class DeviceTypesTest {
  private static final int ROWS = 37;

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

  /** Arbitrary elements, extremes and equal ones among them. */
  private static Tensor values(ElementType type, long seed, int... dims) {
    Random random = new Random(seed);
    Object array;
    int size = Tensor.sizeOf(dims);
    switch (type) {
      case FLOAT -> {
        float[] special = {
          0f,
          -0f,
          3e9f,
          -3e9f,
          2e19f,
          -2e19f,
          Float.POSITIVE_INFINITY,
          Float.NEGATIVE_INFINITY,
          Float.NaN
        };
        float[] floats = new float[size];
        for (int i = 0; i < size; i++) {
          boolean whole = random.nextBoolean();
          floats[i] = whole ? random.nextInt(5) - 2 : (float) random.nextGaussian() * 300f;
          floats[i] = i % 7 == 3 ? special[random.nextInt(special.length)] : floats[i];
        }
        array = floats;
      }
      case INT64 -> {
        long[] longs = new long[size];
        for (int i = 0; i < size; i++) {
          longs[i] = i % 3 == 0 ? random.nextLong() : random.nextInt(5) - 2;
        }
        array = longs;
      }
      case INT32 -> {
        int[] ints = new int[size];
        for (int i = 0; i < size; i++) {
          ints[i] = i % 3 == 0 ? random.nextInt() : random.nextInt(5) - 2;
        }
        array = ints;
      }
      default -> {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
          bytes[i] = (byte) (type == BOOL ? random.nextInt(2) : random.nextInt());
        }
        array = bytes;
      }
    }
    return Tensor.wrap(type, array, 0, dims);
  }

  private static void assertOnDevice(
      ModelBuilder model, Map<String, Tensor> inputs, int deviceSteps, int cpuSteps) {
    DeviceUse use = both.compare(model.bytes(), inputs);
    assertThat(use.deviceSteps()).as("steps on the device").isEqualTo(deviceSteps);
    assertThat(use.cpuSteps()).as("steps on the CPU").isEqualTo(cpuSteps);
  }

  /** A node on rows of a type and a constant that is broadcast along them. */
  private static void assertFold(
      String type, ElementType element, Tensor constant, Object... attributes) {
    ModelBuilder model =
        ModelBuilder.opset(18)
            .input("x", element, "n", 5, 7)
            .initializer("c", constant)
            .node(type, List.of("x", "c"), List.of("y"), attributes)
            .output("y");
    assertOnDevice(model, Map.of("x", values(element, 1, ROWS, 5, 7)), 1, 0);
    assertOnDevice(model, Map.of("x", values(element, 2, 1, 5, 7)), 1, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"})
  void comparisonsOfEveryTypeThatDevicesHold(String type) {
    for (ElementType element : List.of(FLOAT, INT64, INT32, UINT8, INT8)) {
      assertFold(type, element, values(element, 3, 7));
      assertFold(type, element, values(element, 4, 5, 1));
    }
  }

  @Test
  void truthValuesOfTwoComparisons() {
    for (String type : List.of("And", "Or", "Xor", "Equal")) {
      ModelBuilder model =
          ModelBuilder.opset(18)
              .input("x", FLOAT, "n", 9)
              .initializer("low", Tensor.of(new float[] {-1f}))
              .initializer("high", values(FLOAT, 5, 9))
              .node("Greater", List.of("x", "low"), List.of("a"))
              .node("Less", List.of("x", "high"), List.of("b"))
              .node("Not", List.of("b"), List.of("c"))
              .node(type, List.of("a", "c"), List.of("y"))
              .output("y");
      assertOnDevice(model, Map.of("x", values(FLOAT, 6, ROWS, 9)), 4, 0);
    }
  }

  @Test
  void whatIsNoNumberAndWhatIsInfinite() {
    ModelBuilder model =
        ModelBuilder.opset(18)
            .input("x", FLOAT, "n", 2, 3, 2, 3)
            .node("IsNaN", List.of("x"), List.of("nan"))
            .node("IsInf", List.of("x"), List.of("inf"))
            .node("IsInf", List.of("x"), List.of("up"), "detect_negative", 0L)
            .node("IsInf", List.of("x"), List.of("down"), "detect_positive", 0L);
    model.node(
        "IsInf", List.of("x"), List.of("none"), "detect_positive", 0L, "detect_negative", 0L);
    List.of("nan", "inf", "up", "down", "none").forEach(model::output);
    assertOnDevice(model, Map.of("x", values(FLOAT, 7, ROWS, 2, 3, 2, 3)), 5, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Add", "Sub", "Mul", "Min", "Max", "BitwiseAnd", "BitwiseXor"})
  void integersWrap(String type) {
    for (ElementType element : List.of(INT64, INT32, UINT8, INT8)) {
      assertFold(type, element, values(element, 8, 5, 7));
    }
  }

  @Test
  void quotientsByConstantsAboveZero() {
    for (ElementType element : List.of(INT64, INT32)) {
      Tensor divisors =
          element == INT64
              ? Tensor.of(new long[] {1, 2, 3, 7, 100, Long.MAX_VALUE, 1L << 62}, 7)
              : Tensor.of(new int[] {1, 2, 3, 7, 100, Integer.MAX_VALUE, 1 << 30}, 7);
      assertFold("Div", element, divisors);
      assertFold("Mod", element, divisors);
      assertFold("Mod", element, divisors, "fmod", 1L);
    }
  }

  @Test
  void quotientsThatMayFailStayOnTheCpu() {
    ModelBuilder model =
        ModelBuilder.opset(18)
            .input("x", INT64, "n", 3)
            .initializer("c", Tensor.of(new long[] {1, -1, 2}, 3))
            .node("Div", List.of("x", "c"), List.of("y"))
            .output("y");
    assertOnDevice(model, Map.of("x", values(INT64, 9, ROWS, 3)), 0, 1);
  }

  @Test
  void sumsOfSeveralIntegers() {
    ModelBuilder model =
        ModelBuilder.opset(18)
            .input("x", INT32, "n", 4)
            .initializer("a", values(INT32, 10, 4))
            .initializer("b", values(INT32, 11, 1))
            .node("Max", List.of("x", "a", "b"), List.of("m"))
            .node("BitwiseNot", List.of("m"), List.of("y"))
            .output("y");
    assertOnDevice(model, Map.of("x", values(INT32, 12, ROWS, 4)), 2, 0);
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"FLOAT", "INT64", "INT32", "UINT8", "INT8", "BOOL"})
  void castsBetweenAllTypesThatDevicesHold(ElementType from) {
    for (ElementType to : List.of(FLOAT, INT64, INT32, UINT8, INT8, BOOL)) {
      if (from != to) {
        ModelBuilder model =
            ModelBuilder.opset(18)
                .input("x", from, "n", 11)
                .node("Cast", List.of("x"), List.of("y"), "to", (long) to.code())
                .output("y");
        assertOnDevice(model, Map.of("x", values(from, 13, ROWS, 11)), 1, 0);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"FLOAT", "INT64", "INT32", "UINT8", "INT8", "BOOL"})
  void choicesByAConditionThatTheDeviceMakes(ElementType type) {
    ModelBuilder model =
        ModelBuilder.opset(18)
            .input("x", FLOAT, "n", 3, 5)
            .input("a", type, "n", 1, 5)
            .initializer("zero", Tensor.of(new float[] {0f}))
            .initializer("b", values(type, 14, 3, 1))
            .node("Less", List.of("x", "zero"), List.of("test"))
            .node("Where", List.of("test", "a", "b"), List.of("y"))
            .output("y");
    Map<String, Tensor> inputs = new HashMap<>();
    inputs.put("x", values(FLOAT, 15, ROWS, 3, 5));
    inputs.put("a", values(type, 16, ROWS, 1, 5));
    assertOnDevice(model, inputs, 2, 0);
  }

  /** A mask of integers becomes what is added to scores. */
  @Test
  void aMaskOfIntegersBecomesSummands() {
    ModelBuilder model =
        ModelBuilder.opset(18)
            .input("x", FLOAT, "n", 4, 8)
            .input("mask", INT64, "n", 8)
            .initializer("axes", Tensor.of(new long[] {1}, 1))
            .initializer("one", Tensor.of(new float[] {1f}))
            .initializer("low", Tensor.of(new float[] {-10000f}))
            .node("Unsqueeze", List.of("mask", "axes"), List.of("m"))
            .node("Cast", List.of("m"), List.of("f"), "to", 1L)
            .node("Sub", List.of("one", "f"), List.of("s"))
            .node("Mul", List.of("s", "low"), List.of("l"))
            .node("Add", List.of("x", "l"), List.of("a"))
            .node("Softmax", List.of("a"), List.of("y"))
            .output("y");
    Map<String, Tensor> inputs = new HashMap<>();
    inputs.put("x", OnDevice.normal(23, ROWS, 4, 8));
    inputs.put("mask", Tensor.of(new long[ROWS * 8], ROWS, 8));
    both.compare(model.bytes(), inputs);
  }

  @Test
  void noRowsGiveNoElements() {
    ModelBuilder model =
        ModelBuilder.opset(18)
            .input("x", FLOAT, "n", 3)
            .initializer("c", values(FLOAT, 24, 3))
            .node("Less", List.of("x", "c"), List.of("t"))
            .node("Cast", List.of("t"), List.of("l"), "to", 7L)
            .node("ArgMax", List.of("x"), List.of("y"), "axis", 1L)
            .output("l")
            .output("y");
    both.compare(model.bytes(), Map.of("x", Tensor.of(new float[0], 0, 3)));
  }
}
