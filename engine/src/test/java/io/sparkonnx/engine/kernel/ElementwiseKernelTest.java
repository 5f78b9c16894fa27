package io.sparkonnx.engine.kernel;

import static io.sparkonnx.engine.kernel.KernelTwins.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.kernel.scalar.ScalarBinary;
import io.sparkonnx.engine.kernel.scalar.ScalarUnary;
import io.sparkonnx.engine.kernel.simd.SimdBinary;
import io.sparkonnx.engine.kernel.simd.SimdUnary;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Element-wise kernels: twins against each other, and what surrounds their runs. */
class ElementwiseKernelTest {
  private static final int[] SIZES = {0, 1, 7, 15, 16, 17, 31, 208, 4097};
  private static final float[] SPECIAL = {
    0f,
    -0f,
    0.5f,
    -0.5f,
    1.5f,
    2.5f,
    -2.5f,
    1f,
    -1f,
    2f,
    3f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN
  };
  private static final float GUARD = -12345.75f;

  private final UnaryKernel scalarUnary = new ScalarUnary();
  private final UnaryKernel simdUnary = new SimdUnary();
  private final BinaryKernel scalarBinary = new ScalarBinary();
  private final BinaryKernel simdBinary = new SimdBinary();

  @ParameterizedTest
  @EnumSource(UnaryFunction.class)
  void unaryTwinsAreEqualToTheBit(UnaryFunction f) {
    for (int size : SIZES) {
      long seed = 31L * f.ordinal() + size;
      float[] x = values(seed, size + 8);
      float[] expected = guarded(size);
      float[] actual = guarded(size);
      float alpha = f == UnaryFunction.CLIP ? -0.75f : 1.7f;
      scalarUnary.apply(f, alpha, 0.9f, x, 5, expected, 3, size);
      simdUnary.apply(f, alpha, 0.9f, x, 5, actual, 3, size);
      assertSameBits(actual, expected, "%s of %d elements, seed %d".formatted(f, size, seed));
      assertGuards(actual, size);
    }
  }

  @ParameterizedTest
  @EnumSource(UnaryFunction.class)
  void unaryFunctionsWorkInPlace(UnaryFunction f) {
    float[] x = values(f.ordinal(), 208);
    float[] expected = new float[x.length];
    simdUnary.apply(f, 1.7f, 2.9f, x, 0, expected, 0, x.length);
    simdUnary.apply(f, 1.7f, 2.9f, x, 0, x, 0, x.length);
    assertSameBits(x, expected, f + " in place");
  }

  @ParameterizedTest
  @EnumSource(UnaryFunction.class)
  void unaryResultsDoNotDependOnTheirPlaceInTheRun(UnaryFunction f) {
    float[] x = values(f.ordinal(), 100);
    float[] together = new float[x.length];
    float[] alone = new float[x.length];
    simdUnary.apply(f, 1.7f, 2.9f, x, 0, together, 0, x.length);
    for (int i = 0; i < x.length; i++) {
      simdUnary.apply(f, 1.7f, 2.9f, x, i, alone, i, 1);
    }
    assertSameBits(together, alone, f.toString());
  }

  @ParameterizedTest
  @EnumSource(BinaryFunction.class)
  void binaryTwinsAreEqualToTheBit(BinaryFunction f) {
    for (int size : SIZES) {
      for (int steps = 0; steps < 4; steps++) {
        int aStep = steps & 1;
        int bStep = steps >> 1;
        long seed = 131L * f.ordinal() + size;
        float[] a = values(seed, size + 8);
        float[] b = values(seed + 1, size + 8);
        float[] expected = guarded(size);
        float[] actual = guarded(size);
        scalarBinary.apply(f, a, 2, aStep, b, 4, bStep, expected, 3, size);
        simdBinary.apply(f, a, 2, aStep, b, 4, bStep, actual, 3, size);
        assertSameBits(
            actual,
            expected,
            "%s of %d elements, steps %d and %d, seed %d".formatted(f, size, aStep, bStep, seed));
        assertGuards(actual, size);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(BinaryFunction.class)
  void binaryFunctionsWorkInPlaceOfEitherArgument(BinaryFunction f) {
    float[] a = values(1, 208);
    float[] b = values(2, 208);
    float[] expected = new float[a.length];
    simdBinary.apply(f, a, 0, 1, b, 0, 1, expected, 0, a.length);
    float[] first = a.clone();
    simdBinary.apply(f, first, 0, 1, b, 0, 1, first, 0, a.length);
    assertSameBits(first, expected, f + " in place of a");
    simdBinary.apply(f, a, 0, 1, b, 0, 1, b, 0, a.length);
    assertSameBits(b, expected, f + " in place of b");
  }

  @Test
  void powersOfOneExponentAreEqualToTheBit() {
    float[] a = values(5, 208);
    for (float exponent : new float[] {2f, 0.5f, 1f, 0f, 3f, -1f, -0.5f}) {
      float[] b = {exponent};
      float[] expected = new float[a.length];
      float[] actual = new float[a.length];
      scalarBinary.apply(BinaryFunction.POW, a, 0, 1, b, 0, 0, expected, 0, a.length);
      simdBinary.apply(BinaryFunction.POW, a, 0, 1, b, 0, 0, actual, 0, a.length);
      assertSameBits(actual, expected, "power " + exponent);
    }
  }

  @Test
  void nanWinsInMinimumAndMaximum() {
    float[] a = {Float.NaN, 1f, -0f, 0f};
    float[] b = {1f, Float.NaN, 0f, -0f};
    float[] y = new float[4];
    scalarBinary.apply(BinaryFunction.MIN, a, 0, 1, b, 0, 1, y, 0, 4);
    assertThat(y).containsExactly(Float.NaN, Float.NaN, -0f, -0f);
    scalarBinary.apply(BinaryFunction.MAX, a, 0, 1, b, 0, 1, y, 0, 4);
    assertThat(y).containsExactly(Float.NaN, Float.NaN, 0f, 0f);
  }

  private static float[] values(long seed, int length) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] =
          switch (i % 4) {
            case 0 -> Float.intBitsToFloat(random.nextInt());
            case 1 -> SPECIAL[random.nextInt(SPECIAL.length)];
            default -> (float) random.nextGaussian() * 4f;
          };
    }
    return values;
  }

  private static float[] guarded(int size) {
    float[] values = new float[size + 8];
    Arrays.fill(values, GUARD);
    return values;
  }

  private static void assertGuards(float[] values, int size) {
    for (int i = 0; i < values.length; i++) {
      if (i < 3 || i >= 3 + size) {
        assertThat(values[i]).as("guard %d of a run of %d", i, size).isEqualTo(GUARD);
      }
    }
  }
}
