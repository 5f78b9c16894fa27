package io.sparkonnx.engine.op.reduce;

import io.sparkonnx.engine.op.elementwise.Elements;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;

/**
 * Reductions of doubles, and of integers whose result is no integer. Element i of a set goes to
 * partial i mod 16, and the partials are folded by halves, as the float kernels do along rows.
 */
final class DoubleReduction {
  private static final int PARTIALS = 16;

  private DoubleReduction() {}

  static void run(Reduction f, ReductionLoop loop, Tensor x, Tensor y) {
    double[] partials = new double[PARTIALS];
    double[] result = new double[1];
    for (int o = 0; o < loop.outputs(); o++) {
      int base = loop.base(o);
      result[0] =
          f == Reduction.LOG_SUM_EXP
              ? logSumExp(loop, x, base, partials)
              : finish(f, fold(f, loop, x, base, 0, partials), loop.count());
      Elements.store(result, 0, y, y.offset() + o, 1);
    }
  }

  private static double finish(Reduction f, double folded, int count) {
    return switch (f) {
      case MEAN -> folded / count;
      case L2 -> Math.sqrt(folded);
      case LOG_SUM -> StrictMath.log(folded);
      default -> folded;
    };
  }

  private static double logSumExp(ReductionLoop loop, Tensor x, int base, double[] partials) {
    double max = fold(Reduction.MAX, loop, x, base, 0, partials);
    double shift = Double.isInfinite(max) ? 0 : max;
    return shift + StrictMath.log(fold(Reduction.LOG_SUM_EXP, loop, x, base, shift, partials));
  }

  private static double fold(
      Reduction f, ReductionLoop loop, Tensor x, int base, double shift, double[] p) {
    Arrays.fill(p, neutral(f));
    int element = 0;
    for (int run = 0; run < loop.runs(); run++) {
      int at = base + loop.runOffset(run);
      for (int k = 0; k < loop.runLength(); k++) {
        int i = element++ % PARTIALS;
        p[i] = add(f, p[i], x.doubleAt(at), shift);
        at += loop.stride();
      }
    }
    for (int half = PARTIALS / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        p[i] = join(f, p[i], p[i + half]);
      }
    }
    return p[0];
  }

  private static double neutral(Reduction f) {
    return switch (f) {
      case MAX -> Double.NEGATIVE_INFINITY;
      case MIN -> Double.POSITIVE_INFINITY;
      case PROD -> 1;
      default -> 0;
    };
  }

  private static double add(Reduction f, double sum, double x, double shift) {
    return switch (f) {
      case SUM_SQUARE, L2 -> Math.fma(x, x, sum);
      case L1 -> sum + Math.abs(x);
      case LOG_SUM_EXP -> sum + StrictMath.exp(x - shift);
      default -> join(f, sum, x);
    };
  }

  private static double join(Reduction f, double a, double b) {
    return switch (f) {
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case PROD -> a * b;
      default -> a + b;
    };
  }
}
