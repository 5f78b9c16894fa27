package io.sparkonnx.engine.kernel.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.kernel.opencl.ElementKernel.Operand;
import io.sparkonnx.engine.tensor.ElementType;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Functions of broadcast elements on the device against loops. */
class OpenClElementTest {
  private static DeviceTwins on;

  @BeforeAll
  static void open() {
    on = new DeviceTwins();
  }

  @AfterAll
  static void close() {
    if (on != null) {
      on.close();
    }
  }

  private static int[] ints(int... values) {
    return values;
  }

  @Test
  void operandsAreBroadcastAlongEveryAxis() {
    int[] dims = {2, 3, 4, 5};
    float[] test = {1f, 0f, 0f, 1f};
    float[] a = DeviceTwins.values(1, 120);
    float[] b = DeviceTwins.values(2, 3);
    float[] expected = new float[120];
    for (int i = 0; i < 120; i++) {
      expected[i] = test[i / 5 % 4] != 0f ? a[i] : b[i / 20 % 3];
    }
    ElementType type = ElementType.FLOAT;
    ElementKernel kernel =
        new ElementKernel("v0 != 0.0f ? v1 : v2", List.of(type, type, type), type);
    DeviceArray y = on.empty(120);
    List<Operand> operands =
        List.of(
            new Operand(on.up(test), ints(0, 0, 1, 0)),
            new Operand(on.up(a), ints(60, 20, 5, 1)),
            new Operand(on.up(b), ints(0, 1, 0, 0)));
    kernel.run(on.queue, operands, y, dims);
    on.assertBits(y, expected, "choice");
  }

  @Test
  void asManyOperandsComeAsWereSaid() {
    ElementKernel kernel = new ElementKernel("-v0", List.of(ElementType.FLOAT), ElementType.FLOAT);
    assertThatThrownBy(() -> kernel.run(on.queue, List.of(), null, ints(1, 1, 1, 1)))
        .hasMessage("0 operands, expected 1");
  }

  @Test
  void kernelsHaveFloatsSomeIntegersAndTruthValues() {
    assertThat(ElementKernel.takes(ElementType.FLOAT)).isTrue();
    assertThat(ElementKernel.takes(ElementType.BOOL)).isTrue();
    assertThat(ElementKernel.takes(ElementType.INT64)).isTrue();
    assertThat(ElementKernel.takes(ElementType.DOUBLE)).isFalse();
    assertThat(ElementKernel.takes(ElementType.FLOAT16)).isFalse();
    assertThat(ElementKernel.takes(ElementType.UINT64)).isFalse();
    assertThat(ElementKernel.takes(ElementType.STRING)).isFalse();
  }
}
