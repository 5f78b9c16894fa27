package io.sparkonnx.engine;

import static io.sparkonnx.engine.tensor.ElementType.FLOAT;

import io.sparkonnx.engine.onnx.ModelBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Transposed convolutions as steps on a device. */
class DeviceConvTransposeTest {
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

  private static void assertImages(boolean biased, int outputs, Object... attributes) {
    ModelBuilder builder =
        ModelBuilder.opset(11)
            .input("x", FLOAT, "n", 4, 5, 6)
            .output("y")
            .initializer("w", OnDevice.normal(1, 4, outputs, 3, 2));
    List<String> inputs = biased ? List.of("x", "w", "b") : List.of("x", "w");
    if (biased) {
      builder.initializer("b", OnDevice.normal(2, outputs));
    }
    byte[] model = builder.node("ConvTranspose", inputs, List.of("y"), attributes).bytes();
    for (int rows : new int[] {1, 20}) {
      on.assertCpuBits(model, Map.of("x", OnDevice.normal(rows, rows, 4, 5, 6)), 1, 0);
    }
    on.assertCpuBits(model, Map.of("x", OnDevice.extreme(9, 20, 4, 5, 6)), 1, 0);
  }

  @Test
  void plain() {
    assertImages(false, 3);
  }

  @Test
  void withABias() {
    assertImages(true, 3);
  }

  @Test
  void withStridesAndPadding() {
    assertImages(
        true,
        3,
        "strides",
        new long[] {2, 3},
        "pads",
        new long[] {1, 0, 2, 1},
        "output_padding",
        new long[] {1, 2});
  }

  @Test
  void withDilations() {
    assertImages(false, 2, "dilations", new long[] {2, 3}, "strides", new long[] {3, 2});
  }

  @Test
  void ofAGivenShape() {
    assertImages(true, 2, "strides", new long[] {2, 2}, "output_shape", new long[] {10, 11});
  }

  @Test
  void inGroups() {
    byte[] model =
        ModelBuilder.opset(11)
            .input("x", FLOAT, "n", 6, 7)
            .output("y")
            .initializer("w", OnDevice.normal(1, 6, 2, 4))
            .initializer("b", OnDevice.normal(2, 6))
            .node(
                "ConvTranspose",
                List.of("x", "w", "b"),
                List.of("y"),
                "group",
                3L,
                "strides",
                new long[] {2})
            .bytes();
    on.assertCpuBits(model, Map.of("x", OnDevice.normal(3, 20, 6, 7)), 1, 0);
  }

  @Test
  void ofVolumes() {
    byte[] model =
        ModelBuilder.opset(11)
            .input("x", FLOAT, "n", 2, 3, 4, 5)
            .output("y")
            .initializer("w", OnDevice.normal(1, 2, 3, 2, 3, 2))
            .node(
                "ConvTranspose",
                List.of("x", "w"),
                List.of("y"),
                "strides",
                new long[] {1, 2, 2},
                "auto_pad",
                "SAME_UPPER")
            .bytes();
    on.assertCpuBits(model, Map.of("x", OnDevice.normal(3, 20, 2, 3, 4, 5)), 1, 0);
  }
}
