package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.kernel.opencl.FeatureKernels.Norm;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Preparation of features on the device against loops. */
class OpenClFeatureTest {
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

  @ParameterizedTest
  @EnumSource(Norm.class)
  void rowsAreDividedByTheirNorm(Norm norm) {
    for (int length : new int[] {1, 3, 16, 17, 100}) {
      float[] x = DeviceTwins.random(length, 70 * length);
      System.arraycopy(DeviceTwins.values(length, 7 * length), 0, x, 0, 7 * length);
      Arrays.fill(x, 8 * length, 9 * length, 0f);
      float[] expected = new float[x.length];
      for (int row = 0; row < 70; row++) {
        float divisor = divisor(norm, x, row * length, length);
        for (int i = row * length; i < (row + 1) * length; i++) {
          expected[i] = divisor == 0f ? x[i] : x[i] / divisor;
        }
      }
      DeviceArray y = on.up(x);
      FeatureKernels.normalize(on.queue, norm, y, 70, length, y);
      on.assertBits(y, expected, norm + " of " + length);
    }
  }

  private static float divisor(Norm norm, float[] x, int from, int length) {
    float greatest = -Float.MAX_VALUE;
    double sum = 0;
    for (int i = from; i < from + length; i++) {
      greatest = x[i] > greatest ? x[i] : greatest;
      sum += norm == Norm.L1 ? Math.abs((double) x[i]) : (double) x[i] * x[i];
    }
    return switch (norm) {
      case MAX -> greatest;
      case L1 -> (float) sum;
      case L2 -> (float) StrictMath.sqrt(sum);
    };
  }

  @Test
  void missingValuesAreImputedPerColumn() {
    float[] values = {1f, Float.NaN, 3f};
    for (float replaced : new float[] {Float.NaN, -0f, 2f}) {
      float[] x = DeviceTwins.values(5, 4 * 3 * 7);
      float[] expected = x.clone();
      for (int i = 0; i < x.length; i++) {
        boolean hit = Float.isNaN(replaced) ? Float.isNaN(x[i]) : x[i] == replaced;
        expected[i] = hit ? values[i / 7 % 3] : x[i];
      }
      DeviceArray y = on.empty(x.length);
      FeatureKernels.impute(on.queue, on.up(x), replaced, on.up(values), 3, 7, y, x.length);
      on.assertBits(y, expected, "imputed " + replaced);
    }
  }
}
