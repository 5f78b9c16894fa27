package io.sparkonnx.engine.op.reduce;

import io.sparkonnx.engine.op.elementwise.Elements;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;

/** Reductions of integers and booleans, in longs, wrapped to the type at the end. */
final class LongReduction {
  private LongReduction() {}

  static void run(Reduction f, ReductionLoop loop, Tensor x, Tensor y) {
    ElementType type = x.type();
    for (int o = 0; o < loop.outputs(); o++) {
      int base = loop.base(o);
      long folded = neutral(f, type);
      for (int run = 0; run < loop.runs(); run++) {
        int at = base + loop.runOffset(run);
        for (int k = 0; k < loop.runLength(); k++) {
          folded = add(f, type, folded, x.longAt(at));
          at += loop.stride();
        }
      }
      long result = f == Reduction.MEAN ? mean(type, folded, loop.count()) : folded;
      Elements.store(result, y, y.offset() + o);
    }
  }

  private static long add(Reduction f, ElementType type, long sum, long x) {
    return switch (f) {
      case MAX -> less(type, sum, x) ? x : sum;
      case MIN -> less(type, x, sum) ? x : sum;
      case PROD -> sum * x;
      case SUM_SQUARE -> sum + x * x;
      case L1 -> sum + (type == ElementType.UINT64 ? x : Math.abs(x));
      default -> sum + x;
    };
  }

  private static boolean less(ElementType type, long a, long b) {
    return type == ElementType.UINT64 ? Long.compareUnsigned(a, b) < 0 : a < b;
  }

  /** The mean of nothing, which ONNX leaves undefined, is 0. */
  private static long mean(ElementType type, long sum, int count) {
    if (count == 0) {
      return 0;
    }
    return type == ElementType.UINT64 ? Long.divideUnsigned(sum, count) : sum / count;
  }

  private static long neutral(Reduction f, ElementType type) {
    return switch (f) {
      case MAX -> lowest(type);
      case MIN -> highest(type);
      case PROD -> 1;
      default -> 0;
    };
  }

  private static long lowest(ElementType type) {
    return type.isUnsigned() || type == ElementType.BOOL ? 0 : -1L << (type.bits() - 1);
  }

  private static long highest(ElementType type) {
    if (type == ElementType.BOOL) {
      return 1;
    }
    return type.isUnsigned() ? -1L >>> (64 - type.bits()) : ~(-1L << (type.bits() - 1));
  }
}
