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

  @ParameterizedTest
  @MethodSource("kernels")
  void pooledGeometriesEqualTheNaiveLoop(ConvolutionKernel kernel) {
    for (int seed = 0; seed < 200; seed++) {
      for (boolean depthwise : new boolean[] {false, true}) {
        ConvolutionCase c = new ConvolutionCase(seed, 2, depthwise);
        c.pooled = true;
        c.check(kernel, scratch);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void smallImagesEqualTheNaiveLoop(ConvolutionKernel kernel) {
    int[] one = {1, 1};
    int[] two = {2, 2};
    Window five = new Window(new int[] {5, 5}, one, one, two, two, false);
    Window three = new Window(new int[] {3, 3}, one, one, one, one, false);
    Window dilated = new Window(new int[] {3, 3}, one, two, one, two, false);
    Window strided = new Window(new int[] {3, 2}, new int[] {2, 1}, one, one, one, false);
    Window[] windows = {five, three, dilated, strided};
    int[] planes = {5, 7, 13, 14, 28};
    int[] channels = {1, 3, 8, 16, 17};
    int[] batches = {1, 7, 17};
    for (int i = 0; i < 120; i++) {
      int plane = planes[i % 5];
      int inputs = channels[i / 5 % 5];
      int outputs = channels[(i / 25 + i) % 5];
      int batch = plane < 28 ? batches[i % 3] : 1 + i % 3;
      ConvolutionCase c =
          new ConvolutionCase(windows[i % 4], 1, inputs, outputs, batch, plane, plane);
      c.pooled = i % 2 == 0;
      c.check(kernel, scratch);
    }
    for (int batch : new int[] {16, 33}) {
      for (ConvolutionCase c :
          new ConvolutionCase[] {
            new ConvolutionCase(five, 1, 1, 8, batch, 28, 28),
            new ConvolutionCase(five, 1, 8, 16, batch, 14, 14),
            new ConvolutionCase(three, 1, 5, 51, batch, 7, 6)
          }) {
        c.pooled = true;
        c.check(kernel, scratch);
      }
    }
    for (Window window : windows) {
      for (boolean pooled : new boolean[] {false, true}) {
        ConvolutionCase c = new ConvolutionCase(window, 3, 9, 51, 7, 13, 14);
        c.pooled = pooled;
        c.check(kernel, scratch);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void poolingFollowsTheEpilogue(ConvolutionKernel kernel) {
    int[] one = {1, 1};
    Window same = new Window(new int[] {3, 3}, one, one, one, one, false);
    float[] bias = KernelTwins.random(new Random(7), 8);
    float[] infinite = bias.clone();
    infinite[3] = Float.POSITIVE_INFINITY;
    infinite[5] = Float.NEGATIVE_INFINITY;
    for (float[] summand : new float[][] {bias, infinite}) {
      for (float scale : new float[] {1f, -0.7f}) {
        for (UnaryFunction f : new UnaryFunction[] {null, UnaryFunction.RELU, UnaryFunction.NEG}) {
          for (int groups : new int[] {1, 8}) {
            ConvolutionCase c = new ConvolutionCase(same, groups, 8, 8, 17, 9, 18);
            c.pooled = true;
            for (int image : new int[] {0, 16}) {
              int from = image * 8 * 9 * 18;
              c.x[from + 100] = Float.NaN;
              c.x[from + 300] = Float.POSITIVE_INFINITY;
              c.x[from + 500] = Float.NEGATIVE_INFINITY;
              c.x[from + 502] = -0f;
            }
            c.epilogue = new Epilogue(scale, BiasAxis.ROW, summand, f, 0f, 0f);
            c.check(kernel, scratch);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void slabsOfLargeImagesArePooledTogether(ConvolutionKernel kernel) {
    int[] one = {1, 1};
    Window same = new Window(new int[] {3, 3}, one, one, one, one, false);
    for (int columns : new int[] {7, 64, 131}) {
      ConvolutionCase c = new ConvolutionCase(same, 1, 3, 5, 2, 301, columns);
      c.pooled = true;
      c.check(kernel, scratch);
    }
  }
}
