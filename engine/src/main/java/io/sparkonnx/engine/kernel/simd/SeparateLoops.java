package io.sparkonnx.engine.kernel.simd;

import static java.lang.invoke.MethodType.methodType;

import io.sparkonnx.engine.kernel.UnaryFunction;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.EnumMap;
import java.util.Map;

/**
 * The loops of {@link SimdFunctionLoops} behind handles, so that each is compiled on its own.
 *
 * <p>C2 inlines every hot loop of a switch into one method and stops inlining at a number of nodes,
 * in the middle of a polynomial: its vectors then become objects, five times slower, for the life
 * of the JVM. What a handle that is no constant leads to is not inlined.
 */
final class SeparateLoops {
  private static final Class<?> FLOATS = float[].class;
  private static final MethodType ARRAYS =
      methodType(void.class, FLOATS, int.class, FLOATS, int.class, int.class);

  private static final MethodHandle[] LOOPS = loops();

  private SeparateLoops() {}

  private static MethodHandle[] loops() {
    Map<UnaryFunction, MethodHandle> loops = new EnumMap<>(UnaryFunction.class);
    loops.put(UnaryFunction.EXP, withoutParameters("exp"));
    loops.put(UnaryFunction.LOG, withoutParameters("log"));
    loops.put(UnaryFunction.ERF, withoutParameters("erf"));
    loops.put(UnaryFunction.TANH, withoutParameters("tanh"));
    loops.put(UnaryFunction.SIGMOID, withoutParameters("sigmoid"));
    loops.put(UnaryFunction.ELU, withAlpha("elu"));
    loops.put(UnaryFunction.SELU, withAlphaAndBeta("selu"));
    loops.put(UnaryFunction.CELU, withAlpha("celu"));
    loops.put(UnaryFunction.SOFTPLUS, withoutParameters("softplus"));
    loops.put(UnaryFunction.MISH, withoutParameters("mish"));
    loops.put(UnaryFunction.SWISH, withAlpha("swish"));
    loops.put(UnaryFunction.GELU, withoutParameters("gelu"));
    loops.put(UnaryFunction.GELU_TANH, withoutParameters("geluTanh"));
    MethodHandle[] byOrdinal = new MethodHandle[UnaryFunction.values().length];
    loops.forEach((f, loop) -> byOrdinal[f.ordinal()] = loop);
    return byOrdinal;
  }

  private static MethodHandle withAlphaAndBeta(String name) {
    return loop(name, ARRAYS.insertParameterTypes(0, float.class, float.class));
  }

  private static MethodHandle withAlpha(String name) {
    MethodHandle loop = loop(name, ARRAYS.insertParameterTypes(0, float.class));
    return MethodHandles.dropArguments(loop, 1, float.class);
  }

  private static MethodHandle withoutParameters(String name) {
    return MethodHandles.dropArguments(loop(name, ARRAYS), 0, float.class, float.class);
  }

  private static MethodHandle loop(String name, MethodType type) {
    try {
      return MethodHandles.lookup().findStatic(SimdFunctionLoops.class, name, type);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no loop " + name + type, e);
    }
  }

  /** Runs the loop of {@code f}, one of the functions of {@link SimdFunctionLoops}. */
  static void run(
      UnaryFunction f, float alpha, float beta, float[] x, int xo, float[] y, int yo, int n) {
    try {
      LOOPS[f.ordinal()].invokeExact(alpha, beta, x, xo, y, yo, n);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("loops throw nothing checked", e);
    }
  }
}
