package io.sparkonnx.engine;

import static io.sparkonnx.engine.tensor.ElementType.FLOAT;
import static io.sparkonnx.engine.tensor.ElementType.INT64;

import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reductions and softmax as steps on a device. */
class DeviceReductionTest {
  private static OnDevice on;

  @BeforeAll
  static void open() {
    on = new OnDevice();
  }

  @AfterAll
  static void close() {
    if (on != null) {
      on.close();
    }
  }

  private static byte[] reduction(String type, long keepDims, long... axes) {
    return ModelBuilder.opset(18)
        .input("x", FLOAT, "n", 5, 17, 33)
        .output("y")
        .initializer("axes", Tensor.of(axes, axes.length))
        .node(type, List.of("x", "axes"), List.of("y"), "keepdims", keepDims)
        .bytes();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ReduceSum",
        "ReduceMean",
        "ReduceMax",
        "ReduceMin",
        "ReduceProd",
        "ReduceSumSquare",
        "ReduceL1",
        "ReduceL2",
        "ReduceLogSum",
        "ReduceLogSumExp"
      })
  void reductionsAlongAnyAxes(String type) {
    long[][] choices = {{3}, {2}, {1}, {-1, -2}, {1, 3}, {1, 2, 3}};
    for (long[] axes : choices) {
      for (int rows : new int[] {1, 3}) {
        on.assertCpuBits(
            reduction(type, axes.length % 2, axes),
            Map.of("x", OnDevice.normal(rows, rows, 5, 17, 33)),
            1,
            0);
      }
    }
    on.assertCpuBits(
        reduction(type, 0, 2, 3), Map.of("x", OnDevice.extreme(7, 40, 5, 17, 33)), 1, 0);
  }

  @Test
  void aReductionAcrossRowsIsOneStep() {
    byte[] model =
        ModelBuilder.opset(18)
            .input("x", FLOAT, "n", 7)
            .output("y")
            .node("ReduceMean", List.of("x"), List.of("y"))
            .bytes();
    on.assertCpuBits(model, Map.of("x", OnDevice.normal(1, 1000, 7)), 1, 0);
  }

  @Test
  void axesAsAnAttributeAreTaken() {
    byte[] model =
        ModelBuilder.opset(11)
            .input("x", FLOAT, "n", 6, 20)
            .output("y")
            .node("ReduceSum", List.of("x"), List.of("y"), "axes", new long[] {1})
            .bytes();
    on.assertCpuBits(model, Map.of("x", OnDevice.extreme(1, 9, 6, 20)), 1, 0);
  }

  @Test
  void noAxesMayMeanACopy() {
    byte[] model =
        ModelBuilder.opset(18)
            .input("x", FLOAT, "n", 6)
            .output("y")
            .node("ReduceSum", List.of("x"), List.of("y"), "noop_with_empty_axes", 1L)
            .bytes();
    on.assertCpuBits(model, Map.of("x", OnDevice.extreme(1, 9, 6)), 1, 0);
  }

  @Test
  void noAxesMayMeanSinglesThatChange() {
    byte[] model =
        ModelBuilder.opset(18)
            .input("x", FLOAT, "n", 6)
            .output("y")
            .node("ReduceLogSumExp", List.of("x"), List.of("y"), "noop_with_empty_axes", 1L)
            .bytes();
    on.assertCpuBits(model, Map.of("x", OnDevice.extreme(1, 9, 6)), 1, 0);
  }

  @Test
  void axesThatARunGivesStayOnTheCpu() {
    byte[] model =
        ModelBuilder.opset(18)
            .input("x", FLOAT, "n", 6)
            .input("axes", INT64, 1)
            .output("y", FLOAT, "n", 1)
            .node("ReduceSum", List.of("x", "axes"), List.of("y"))
            .bytes();
    on.assertCpuBits(
        model, Map.of("x", OnDevice.normal(1, 9, 6), "axes", Tensor.of(new long[] {1}, 1)), 0, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Softmax", "LogSoftmax"})
  void softmaxAlongEveryAxis(String type) {
    for (long axis = 1; axis < 4; axis++) {
      byte[] model =
          ModelBuilder.opset(13)
              .input("x", FLOAT, "n", 5, 17, 3)
              .output("y")
              .node(type, List.of("x"), List.of("y"), "axis", axis)
              .bytes();
      on.assertCpuBits(model, Map.of("x", OnDevice.normal(2, 1, 5, 17, 3)), 1, 0);
      on.assertCpuBits(model, Map.of("x", OnDevice.extreme(3, 50, 5, 17, 3)), 1, 0);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void normsOfPlanes(long p) {
    byte[] model =
        ModelBuilder.opset(13)
            .input("x", FLOAT, "n", 5, 7, 9)
            .output("y")
            .node("GlobalLpPool", List.of("x"), List.of("y"), "p", p)
            .bytes();
    on.assertCpuBits(model, Map.of("x", OnDevice.extreme(4, 20, 5, 7, 9)), 1, 0);
  }
}
