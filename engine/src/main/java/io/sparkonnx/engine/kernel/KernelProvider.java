package io.sparkonnx.engine.kernel;

import io.sparkonnx.engine.kernel.scalar.ScalarKernels;
import java.util.Optional;

/** Finds the kernels that this JVM runs best. */
public final class KernelProvider {
  private static final Kernels SCALAR = new ScalarKernels();

  private KernelProvider() {}

  /** The fastest kernels that work here. */
  public static Kernels best() {
    return SCALAR;
  }

  /** The kernels in plain Java. */
  public static Kernels scalar() {
    return SCALAR;
  }

  /** The kernels on the Vector API, where it is there, whether they are fast here or not. */
  public static Optional<Kernels> simd() {
    return Optional.empty();
  }
}
