package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;

import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.kernel.BinaryKernel;
import io.sparkonnx.engine.kernel.scalar.ScalarBinary;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Element-wise functions of two floats on the Vector API. */
public final class SimdBinary implements BinaryKernel {
  private static final FloatVector ZERO = Lanes.broadcast(0f);
  private static final FloatVector INFINITY = Lanes.broadcast(Float.POSITIVE_INFINITY);
  private static final FloatVector MINUS_INFINITY = Lanes.broadcast(Float.NEGATIVE_INFINITY);

  @Override
  public void apply(
      BinaryFunction f,
      float[] a,
      int aOffset,
      int aStep,
      float[] b,
      int bOffset,
      int bStep,
      float[] y,
      int yOffset,
      int length) {
    switch (f) {
      case ADD -> add(a, aOffset, aStep, b, bOffset, bStep, y, yOffset, length);
      case SUB -> sub(a, aOffset, aStep, b, bOffset, bStep, y, yOffset, length);
      case MUL -> mul(a, aOffset, aStep, b, bOffset, bStep, y, yOffset, length);
      case DIV -> div(a, aOffset, aStep, b, bOffset, bStep, y, yOffset, length);
      case MIN -> min(a, aOffset, aStep, b, bOffset, bStep, y, yOffset, length);
      case MAX -> max(a, aOffset, aStep, b, bOffset, bStep, y, yOffset, length);
      case POW -> pow(a, aOffset, aStep, b, bOffset, bStep, y, yOffset, length);
      case PRELU -> prelu(a, aOffset, aStep, b, bOffset, bStep, y, yOffset, length);
    }
  }

  static void add(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int i = 0;
    if (as == 1 && bs == 1) {
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector p = Lanes.load(a, ao + i);
        FloatVector q = Lanes.load(b, bo + i);
        p.add(q).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      FloatVector q = Lanes.broadcast(b[bo]);
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector p = Lanes.load(a, ao + i);
        p.add(q).intoArray(y, yo + i);
      }
    } else if (bs == 1) {
      FloatVector p = Lanes.broadcast(a[ao]);
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector q = Lanes.load(b, bo + i);
        p.add(q).intoArray(y, yo + i);
      }
    }
    ScalarBinary.add(a, ao + i * as, as, b, bo + i * bs, bs, y, yo + i, n - i);
  }

  static void sub(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int i = 0;
    if (as == 1 && bs == 1) {
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector p = Lanes.load(a, ao + i);
        FloatVector q = Lanes.load(b, bo + i);
        p.sub(q).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      FloatVector q = Lanes.broadcast(b[bo]);
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector p = Lanes.load(a, ao + i);
        p.sub(q).intoArray(y, yo + i);
      }
    } else if (bs == 1) {
      FloatVector p = Lanes.broadcast(a[ao]);
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector q = Lanes.load(b, bo + i);
        p.sub(q).intoArray(y, yo + i);
      }
    }
    ScalarBinary.sub(a, ao + i * as, as, b, bo + i * bs, bs, y, yo + i, n - i);
  }

  static void mul(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int i = 0;
    if (as == 1 && bs == 1) {
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector p = Lanes.load(a, ao + i);
        FloatVector q = Lanes.load(b, bo + i);
        p.mul(q).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      FloatVector q = Lanes.broadcast(b[bo]);
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector p = Lanes.load(a, ao + i);
        p.mul(q).intoArray(y, yo + i);
      }
    } else if (bs == 1) {
      FloatVector p = Lanes.broadcast(a[ao]);
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector q = Lanes.load(b, bo + i);
        p.mul(q).intoArray(y, yo + i);
      }
    }
    ScalarBinary.mul(a, ao + i * as, as, b, bo + i * bs, bs, y, yo + i, n - i);
  }

  static void div(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int i = 0;
    if (as == 1 && bs == 1) {
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector p = Lanes.load(a, ao + i);
        FloatVector q = Lanes.load(b, bo + i);
        p.div(q).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      FloatVector q = Lanes.broadcast(b[bo]);
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector p = Lanes.load(a, ao + i);
        p.div(q).intoArray(y, yo + i);
      }
    } else if (bs == 1) {
      FloatVector p = Lanes.broadcast(a[ao]);
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector q = Lanes.load(b, bo + i);
        p.div(q).intoArray(y, yo + i);
      }
    }
    ScalarBinary.div(a, ao + i * as, as, b, bo + i * bs, bs, y, yo + i, n - i);
  }

  static void min(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int i = 0;
    if (as == 1 && bs == 1) {
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector p = Lanes.load(a, ao + i);
        FloatVector q = Lanes.load(b, bo + i);
        p.min(q).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      FloatVector q = Lanes.broadcast(b[bo]);
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector p = Lanes.load(a, ao + i);
        p.min(q).intoArray(y, yo + i);
      }
    } else if (bs == 1) {
      FloatVector p = Lanes.broadcast(a[ao]);
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector q = Lanes.load(b, bo + i);
        p.min(q).intoArray(y, yo + i);
      }
    }
    ScalarBinary.min(a, ao + i * as, as, b, bo + i * bs, bs, y, yo + i, n - i);
  }

  static void max(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int i = 0;
    if (as == 1 && bs == 1) {
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector p = Lanes.load(a, ao + i);
        FloatVector q = Lanes.load(b, bo + i);
        p.max(q).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      FloatVector q = Lanes.broadcast(b[bo]);
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector p = Lanes.load(a, ao + i);
        p.max(q).intoArray(y, yo + i);
      }
    } else if (bs == 1) {
      FloatVector p = Lanes.broadcast(a[ao]);
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector q = Lanes.load(b, bo + i);
        p.max(q).intoArray(y, yo + i);
      }
    }
    ScalarBinary.max(a, ao + i * as, as, b, bo + i * bs, bs, y, yo + i, n - i);
  }

  static void prelu(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int i = 0;
    if (as == 1 && bs == 1) {
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector p = Lanes.load(a, ao + i);
        FloatVector q = Lanes.load(b, bo + i);
        VectorPiecewise.prelu(p, q).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      FloatVector q = Lanes.broadcast(b[bo]);
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector p = Lanes.load(a, ao + i);
        VectorPiecewise.prelu(p, q).intoArray(y, yo + i);
      }
    } else if (bs == 1) {
      FloatVector p = Lanes.broadcast(a[ao]);
      for (; i <= n - COUNT; i += COUNT) {
        FloatVector q = Lanes.load(b, bo + i);
        VectorPiecewise.prelu(p, q).intoArray(y, yo + i);
      }
    }
    ScalarBinary.prelu(a, ao + i * as, as, b, bo + i * bs, bs, y, yo + i, n - i);
  }

  /** Squares, cubes and roots in vectors, other powers one by one. */
  private static void pow(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    if (as == 1 && bs == 0 && b[bo] == 2f) {
      mul(a, ao, 1, a, ao, 1, y, yo, n);
    } else if (as == 1 && bs == 0 && b[bo] == 3f) {
      cube(a, ao, b, bo, y, yo, n);
    } else if (as == 1 && bs == 0 && b[bo] == 0.5f) {
      root(a, ao, b, bo, y, yo, n);
    } else {
      ScalarBinary.pow(a, ao, as, b, bo, bs, y, yo, n);
    }
  }

  private static void cube(float[] a, int ao, float[] three, int to, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(a, ao + i);
      v.mul(v).mul(v).intoArray(y, yo + i);
    }
    ScalarBinary.pow(a, ao + i, 1, three, to, 0, y, yo + i, n - i);
  }

  private static void root(float[] a, int ao, float[] half, int ho, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(a, ao + i);
      v.sqrt()
          .add(ZERO)
          .blend(INFINITY, v.compare(VectorOperators.EQ, MINUS_INFINITY))
          .intoArray(y, yo + i);
    }
    ScalarBinary.pow(a, ao + i, 1, half, ho, 0, y, yo + i, n - i);
  }
}
