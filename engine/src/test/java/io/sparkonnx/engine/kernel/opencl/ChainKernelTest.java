package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.kernel.Chain;
import io.sparkonnx.engine.kernel.Chain.Reading;
import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.kernel.scalar.ScalarKernels;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Generated kernels against the scalar ones applied one after the other, bit by bit. */
class ChainKernelTest {
  private static DeviceTwins on;

  private final Kernels scalar = new ScalarKernels();

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

  /** What {@code reading} takes of x for each element of a result of lengths {@code dims}. */
  private static float[] spread(float[] x, Reading reading, int[] dims, int length) {
    float[] spread = new float[length];
    for (int i = 0; i < length; i++) {
      spread[i] =
          switch (reading.kind()) {
            case SAME -> x[i];
            case ONE -> x[0];
            case RUN -> x[i / reading.inner(dims) % reading.length(dims)];
          };
    }
    return spread;
  }

  private float[] expected(Chain chain, List<float[]> inputs, int length) {
    List<float[]> values = new ArrayList<>(inputs);
    for (Chain.Stage stage : chain.stages()) {
      float[] y = new float[length];
      if (stage instanceof Chain.Unary unary) {
        float[] x = values.get(unary.x());
        scalar.unary().apply(unary.f(), unary.alpha(), unary.beta(), x, 0, y, 0, length);
      } else if (stage instanceof Chain.Binary binary) {
        float[] a = values.get(binary.a());
        scalar.binary().apply(binary.f(), a, 0, 1, values.get(binary.b()), 0, 1, y, 0, length);
      } else if (stage instanceof Chain.MultiplyAdd affine) {
        for (int i = 0; i < length; i++) {
          float factor = values.get(affine.factor())[i];
          y[i] = Math.fma(values.get(affine.x())[i], factor, values.get(affine.summand())[i]);
        }
      }
      values.add(y);
    }
    return values.get(values.size() - 1);
  }

  private void assertBits(Chain chain, List<Reading> readings, int... dims) {
    int length = 1;
    for (int dim : dims) {
      length *= dim;
    }
    List<float[]> spread = new ArrayList<>();
    List<DeviceArray> there = new ArrayList<>();
    for (int i = 0; i < readings.size(); i++) {
      Reading reading = readings.get(i);
      int size =
          switch (reading.kind()) {
            case SAME -> length;
            case ONE -> 1;
            case RUN -> reading.length(dims);
          };
      long seed = 31L * i + length;
      float[] x = size == 1 ? DeviceTwins.random(seed, 1) : DeviceTwins.values(seed, size);
      spread.add(spread(x, reading, dims, length));
      there.add(on.up(x));
    }
    float[] expected = expected(chain, spread, length);
    DeviceArray y = on.empty(length);
    ChainKernel kernel = new ChainKernel(chain, readings);
    kernel.run(on.queue, there, y, dims);
    on.assertBits(y, expected, chain + " of " + length);
  }

  @ParameterizedTest
  @EnumSource(UnaryFunction.class)
  void aFunctionOfASum(UnaryFunction f) {
    float alpha = f == UnaryFunction.CLIP ? -0.75f : 1.7f;
    Chain chain =
        new Chain(
            2,
            List.of(
                new Chain.Binary(BinaryFunction.ADD, 0, 1), new Chain.Unary(f, alpha, 0.9f, 2)));
    assertBits(chain, List.of(Reading.SAME, Reading.ONE), 3, 1000);
  }

  @ParameterizedTest
  @EnumSource(BinaryFunction.class)
  void aFunctionOfAFunctionAndAnInput(BinaryFunction f) {
    Chain chain =
        new Chain(
            2,
            List.of(
                new Chain.Unary(UnaryFunction.NEG, 0f, 0f, 1),
                new Chain.Binary(f, 0, 2),
                new Chain.Binary(f, 3, 1)));
    assertBits(chain, List.of(Reading.SAME, Reading.SAME), 3, 1000);
  }

  /** ((a · b + c) − d) · that, with a of all axes and the others of some. */
  private static final Chain BROADCAST =
      new Chain(
          4,
          List.of(
              new Chain.Binary(BinaryFunction.MUL, 0, 1),
              new Chain.Binary(BinaryFunction.ADD, 4, 2),
              new Chain.Binary(BinaryFunction.SUB, 5, 3),
              new Chain.Binary(BinaryFunction.MUL, 6, 6)));

  @Test
  void inputsOfLeadingMiddleAndTrailingAxes() {
    List<Reading> readings =
        List.of(
            Reading.SAME,
            new Reading(Reading.Kind.RUN, 4, 3),
            new Reading(Reading.Kind.RUN, 3, 1),
            new Reading(Reading.Kind.RUN, 1, 0));
    int[][] shapes = {{1, 1, 1, 1}, {2, 3, 5, 7}, {1, 17, 1, 33}, {65, 2, 2, 1}, {9, 16, 16, 16}};
    for (int[] dims : shapes) {
      assertBits(BROADCAST, readings, dims);
    }
  }

  @Test
  void aMultiplicationIsNotContractedWithTheAdditionBehindIt() {
    Chain chain =
        new Chain(
            3,
            List.of(
                new Chain.Binary(BinaryFunction.MUL, 0, 1),
                new Chain.Binary(BinaryFunction.ADD, 3, 2)));
    assertBits(chain, List.of(Reading.SAME, Reading.SAME, Reading.SAME), 5000);
  }

  @Test
  void aMultiplicationAndAdditionThatIsOne() {
    Chain chain =
        new Chain(
            3,
            List.of(
                new Chain.MultiplyAdd(0, 1, 2), new Chain.Unary(UnaryFunction.RELU, 0f, 0f, 3)));
    Reading channels = new Reading(Reading.Kind.RUN, 2, 1);
    assertBits(chain, List.of(Reading.SAME, channels, channels), 5, 12, 31);
  }

  @Test
  void aParameterMayBeInfiniteOrNoNumber() {
    for (float bound : new float[] {Float.NEGATIVE_INFINITY, Float.NaN, -0f, Float.MIN_VALUE}) {
      Chain chain =
          new Chain(
              1,
              List.of(
                  new Chain.Unary(UnaryFunction.CLIP, bound, Float.POSITIVE_INFINITY, 0),
                  new Chain.Unary(UnaryFunction.ABS, 0f, 0f, 1)));
      assertBits(chain, List.of(Reading.SAME), 1000);
    }
  }

  @Test
  void theResultMayLieOverAnInput() {
    float[] a = DeviceTwins.values(1, 3 * 7);
    float[] b = DeviceTwins.values(2, 7);
    Chain chain =
        new Chain(
            2,
            List.of(
                new Chain.Binary(BinaryFunction.MUL, 0, 1),
                new Chain.Binary(BinaryFunction.ADD, 2, 0)));
    List<Reading> readings = List.of(Reading.SAME, new Reading(Reading.Kind.RUN, 1, 0));
    int[] dims = {3, 7};
    float[] expected = expected(chain, List.of(a, spread(b, readings.get(1), dims, 21)), 21);
    DeviceArray y = on.up(a);
    new ChainKernel(chain, readings).run(on.queue, List.of(y, on.up(b)), y, dims);
    on.assertBits(y, expected, "in place");
  }
}
