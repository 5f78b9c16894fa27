package io.sparkonnx.engine.kernel;

/**
 * What a JVM offers to kernels, and what follows from it. The decision is a pure function of the
 * components, so that it can be tested for machines that are not at hand.
 *
 * @param architecture name of the processor family, as in the system property {@code os.arch}
 * @param optimizingCompiler whether the JVM has a compiler that turns vectors into instructions
 * @param hardwareFma whether a fused multiply-add is one instruction
 * @param vectorModule whether the module {@code jdk.incubator.vector} is there
 * @param vectorBits bits of the preferred vectors; 0 without the module
 */
public record KernelCapability(
    String architecture,
    boolean optimizingCompiler,
    boolean hardwareFma,
    boolean vectorModule,
    int vectorBits) {

  /** The narrowest vectors that the SIMD kernels are written for. */
  static final int MIN_VECTOR_BITS = 128;

  /**
   * The kernels to use.
   *
   * @param simd whether the SIMD kernels are worth a timed probe
   * @param cause why not; null if they are
   * @param remedy what to do about it; null if they are
   */
  public record Decision(boolean simd, String cause, String remedy) {
    static Decision scalar(String cause, String remedy) {
      return new Decision(false, cause, remedy);
    }

    /** Cause and remedy in one line. */
    public String explanation() {
      return cause + "; " + remedy;
    }
  }

  /** What to use here. */
  public Decision decide() {
    if (!vectorModule) {
      return Decision.scalar(
          "the module jdk.incubator.vector is not there",
          "add --add-modules jdk.incubator.vector to the java command");
    }
    if (!optimizingCompiler) {
      return Decision.scalar(
          "this JVM runs without its optimising compiler",
          "remove -Xint or -XX:TieredStopAtLevel from the java command");
    }
    if (vectorBits < MIN_VECTOR_BITS) {
      return Decision.scalar(
          "this JVM prefers vectors of "
              + vectorBits
              + " bits on "
              + architecture
              + ", fewer than "
              + MIN_VECTOR_BITS,
          "use a JDK that supports the vectors of this processor");
    }
    if (!hardwareFma) {
      return Decision.scalar(
          "fused multiply-add is not one instruction on this " + architecture,
          "run on a processor with FMA");
    }
    return new Decision(true, null, null);
  }
}
