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
 * @param hotSpot whether the optimising compiler is HotSpot's C2 with nothing about vectors
 *     changed, which turns them into instructions wherever their module is
 */
public record KernelCapability(
    String architecture,
    boolean optimizingCompiler,
    boolean hardwareFma,
    boolean vectorModule,
    int vectorBits,
    boolean hotSpot) {

  /** The narrowest vectors that the SIMD kernels are written for. */
  static final int MIN_VECTOR_BITS = 128;

  /**
   * The kernels to use.
   *
   * @param simd whether to use the SIMD kernels
   * @param probed whether only after a timed probe has found them fast here
   * @param cause why not; null if they are
   * @param remedy what to do about it; null if they are
   */
  public record Decision(boolean simd, boolean probed, String cause, String remedy) {
    static Decision scalar(String cause, String remedy) {
      return new Decision(false, false, cause, remedy);
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
    return new Decision(true, !hotSpot, null, null);
  }
}
