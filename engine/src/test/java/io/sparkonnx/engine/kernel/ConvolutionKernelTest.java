package io.sparkonnx.engine.kernel;

import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both twins against a naive loop over random geometries; a failure names the seed. */
class ConvolutionKernelTest {
  private final Scratch scratch = new Scratch();

  static Stream<Named<ConvolutionKernel>> kernels() {
    return KernelTwins.convolution();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void randomGeometriesEqualTheNaiveLoop(ConvolutionKernel kernel) {
    for (int seed = 0; seed < 400; seed++) {
      new ConvolutionCase(seed, 1 + seed % 3, false).check(kernel, scratch);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void depthwiseGeometriesEqualTheNaiveLoop(ConvolutionKernel kernel) {
    for (int seed = 0; seed < 300; seed++) {
      new ConvolutionCase(seed, 1 + seed % 3, true).check(kernel, scratch);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void realLayersEqualTheNaiveLoop(ConvolutionKernel kernel) {
    int[] one = {1, 1};
    int[] three = {3, 3};
    int[] two = {2, 2};
    int[] none = {0, 0};
    Window pointwise = new Window(one, one, one, none, none, false);
    Window pointwiseStrided = new Window(one, two, one, none, none, false);
    Window same = new Window(three, one, one, one, one, false);
    Window strided = new Window(three, two, one, one, one, false);
    Window stem = new Window(new int[] {7, 7}, two, one, three, three, false);
    Window dilated = new Window(three, one, two, two, two, false);
    new ConvolutionCase(pointwise, 1, 40, 70, 3, 14, 14).check(kernel, scratch);
    new ConvolutionCase(pointwise, 1, 30, 33, 2, 7, 7).check(kernel, scratch);
    new ConvolutionCase(pointwise, 1, 300, 10, 5, 1, 1).check(kernel, scratch);
    new ConvolutionCase(pointwiseStrided, 1, 20, 40, 2, 28, 28).check(kernel, scratch);
    new ConvolutionCase(same, 1, 16, 30, 2, 28, 28).check(kernel, scratch);
    new ConvolutionCase(same, 1, 64, 16, 3, 7, 7).check(kernel, scratch);
    new ConvolutionCase(strided, 1, 16, 30, 2, 29, 28).check(kernel, scratch);
    new ConvolutionCase(stem, 1, 3, 64, 1, 50, 50).check(kernel, scratch);
    new ConvolutionCase(dilated, 1, 8, 15, 2, 20, 41).check(kernel, scratch);
    new ConvolutionCase(same, 4, 32, 64, 2, 14, 14).check(kernel, scratch);
    new ConvolutionCase(same, 32, 32, 32, 2, 56, 56).check(kernel, scratch);
    new ConvolutionCase(strided, 24, 24, 48, 2, 57, 56).check(kernel, scratch);
    new ConvolutionCase(dilated, 9, 9, 9, 2, 21, 33).check(kernel, scratch);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void nanAndInfinityReachTheSameElements(ConvolutionKernel kernel) {
    int[] one = {1, 1};
    Window same = new Window(new int[] {3, 3}, one, one, one, one, false);
    for (int groups : new int[] {1, 4}) {
      ConvolutionCase c = new ConvolutionCase(same, groups, 4, 8, 3, 9, 17);
      c.x[100] = Float.NaN;
      c.x[200] = Float.POSITIVE_INFINITY;
      c.w[5] = Float.NEGATIVE_INFINITY;
      c.check(kernel, scratch);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void anImageGivesTheSameBitsAloneAndAnywhereInABatch(ConvolutionKernel kernel) {
    int[] one = {1, 1};
    Window same = new Window(new int[] {3, 3}, one, one, one, one, false);
    ConvolutionCase c = new ConvolutionCase(same, 1, 20, 20, 9, 7, 7);
    int image = 20 * 49;
    for (int i = 1; i < 9; i++) {
      System.arraycopy(c.x, ConvolutionCase.GUARD, c.x, ConvolutionCase.GUARD + i * image, image);
    }
    float[] all = c.run(kernel, scratch);
    for (int i = 1; i < 9; i++) {
      float[] first = Arrays.copyOfRange(all, ConvolutionCase.GUARD, ConvolutionCase.GUARD + image);
      int from = ConvolutionCase.GUARD + i * image;
      KernelTwins.assertSameBits(Arrays.copyOfRange(all, from, from + image), first, "image " + i);
    }
    c.check(kernel, scratch);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void epilogueFollowsTheWholeChain(ConvolutionKernel kernel) {
    int[] one = {1};
    Window window = new Window(new int[] {3}, one, one, one, one, false);
    for (float scale : new float[] {1f, 0.7f}) {
      for (UnaryFunction f : new UnaryFunction[] {null, UnaryFunction.RELU}) {
        for (int groups : new int[] {1, 12}) {
          ConvolutionCase c = new ConvolutionCase(window, groups, 12, 24, 2, 50);
          float[] bias = KernelTwins.random(new Random(7), 24);
          c.epilogue = new Epilogue(scale, BiasAxis.ROW, bias, f, 0f, 0f);
          c.check(kernel, scratch);
        }
      }
    }
  }
}
