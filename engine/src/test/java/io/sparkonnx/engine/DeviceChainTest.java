package io.sparkonnx.engine;

import static io.sparkonnx.engine.tensor.ElementType.FLOAT;

import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Element-wise operators as steps on a device, alone and as chains. */
class DeviceChainTest {
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

  private static ModelBuilder images() {
    return ModelBuilder.opset(15).input("x", FLOAT, "n", 6, 5, 7).output("y");
  }

  private static void assertImages(byte[] model, int steps) {
    for (int rows : new int[] {1, 7, 60}) {
      on.assertCpuBits(model, Map.of("x", OnDevice.normal(rows, rows, 6, 5, 7)), steps, 0);
    }
    on.assertCpuBits(model, Map.of("x", OnDevice.extreme(5, 60, 6, 5, 7)), steps, 0);
  }

  @Test
  void aChainOfBroadcastInputsIsOneStep() {
    assertImages(
        images()
            .initializer("channels", OnDevice.normal(1, 6, 1, 1))
            .initializer("columns", OnDevice.normal(2, 7))
            .initializer("one", Tensor.of(new float[] {0.3f}, 1))
            .node("Mul", List.of("x", "channels"), List.of("a"))
            .node("Add", List.of("a", "columns"), List.of("b"))
            .node("Sub", List.of("b", "one"), List.of("c"))
            .node("Erf", List.of("c"), List.of("d"))
            .node("Div", List.of("d", "columns"), List.of("e"))
            .node("Max", List.of("e", "a"), List.of("f"))
            .node("Tanh", List.of("f"), List.of("y"))
            .bytes(),
        1);
  }

  @Test
  void aRowsOwnFactorIsBroadcastAlongIt() {
    assertImages(
        images()
            .node("GlobalAveragePool", List.of("x"), List.of("means"))
            .node("Sub", List.of("x", "means"), List.of("a"))
            .node("Exp", List.of("a"), List.of("b"))
            .node("Mul", List.of("b", "means"), List.of("y"))
            .bytes(),
        2);
  }

  @Test
  void aNormalisedBatchAndItsActivationAreOneStep() {
    assertImages(
        images()
            .initializer("scale", OnDevice.normal(1, 6))
            .initializer("bias", OnDevice.normal(2, 6))
            .initializer("mean", OnDevice.normal(3, 6))
            .initializer("var", Tensor.of(new float[] {1f, 2f, 0.5f, 0.1f, 3f, 1f}, 6))
            .node("BatchNormalization", List.of("x", "scale", "bias", "mean", "var"), List.of("n"))
            .node("HardSwish", List.of("n"), List.of("y"))
            .bytes(),
        1);
  }

  @Test
  void aShortcutAroundAConvolutionIsAddedAndActivatedInOneStep() {
    assertImages(
        images()
            .initializer("w", OnDevice.normal(1, 6, 6, 3, 3))
            .node("Conv", List.of("x", "w"), List.of("c"), "pads", new long[] {1, 1, 1, 1})
            .node("Add", List.of("c", "x"), List.of("s"))
            .node("Relu", List.of("s"), List.of("y"))
            .bytes(),
        2);
  }

  @Test
  void aChainMayWriteOverWhatItReads() {
    assertImages(
        images()
            .node("Softmax", List.of("x"), List.of("s"))
            .node("Mul", List.of("s", "s"), List.of("a"))
            .node("Sqrt", List.of("a"), List.of("b"))
            .node("Softmax", List.of("b"), List.of("y"))
            .bytes(),
        3);
  }

  @Test
  void manyRowsOfManyAxesAreOneStep() {
    byte[] model =
        ModelBuilder.opset(15)
            .input("x", FLOAT, "n", 2, 3, 1, 2, 3)
            .output("y")
            .initializer("a", OnDevice.normal(1, 2, 3, 1, 1, 1))
            .node("Mul", List.of("x", "a"), List.of("m"))
            .node("Neg", List.of("m"), List.of("y"))
            .bytes();
    on.assertCpuBits(model, Map.of("x", OnDevice.extreme(1, 30, 2, 3, 1, 2, 3)), 1, 0);
  }
}
