package io.sparkonnx.engine.kernel;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import io.sparkonnx.engine.kernel.KernelCapability.Decision;
import io.sparkonnx.engine.kernel.scalar.ScalarKernels;
import io.sparkonnx.engine.kernel.simd.SimdKernels;
import io.sparkonnx.engine.kernel.simd.SimdProbe;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Finds the kernels that this JVM runs best, once. The system property {@code sparkonnx.kernels}
 * ({@code auto}, {@code scalar} or {@code simd}) overrides what is found. Both sets give the same
 * bits.
 */
public final class KernelProvider {
  /** The system property that overrides the choice. */
  public static final String PROPERTY = "sparkonnx.kernels";

  private static final String AUTO = "auto";

  private static final System.Logger LOG = System.getLogger("io.sparkonnx.engine");

  /** Processor time; compiled kernels win after some 0.3 s of it. */
  private static final long PROBE_LIMIT_NANOS = 2_000_000_000L;

  private static final int FMA_CALLS = 50;

  /** One instruction takes less even in the interpreter, the emulation takes more. */
  private static final long FMA_LIMIT_NANOS = 500;

  private static final Kernels SCALAR = new ScalarKernels();

  private static Kernels best;

  private KernelProvider() {}

  /** The fastest kernels that work here. Where they are probed, the first call takes some 0.3 s. */
  public static synchronized Kernels best() {
    if (best == null) {
      String name = System.getProperty(PROPERTY, AUTO);
      best = name.equals(AUTO) ? chooseByCapability() : chosen(PROPERTY, name);
    }
    return best;
  }

  /**
   * The kernels of a name.
   *
   * @param name {@code auto} for {@link #best}, {@code scalar} or {@code simd}
   * @throws OnnxException if there is no such name, or this JVM has no SIMD kernels
   */
  public static Kernels named(String name) {
    return name.equals(AUTO) ? best() : chosen("kernels", name);
  }

  /** The kernels in plain Java. */
  public static Kernels scalar() {
    return SCALAR;
  }

  /** The kernels on the Vector API, where it is there, whether they are fast here or not. */
  public static Optional<Kernels> simd() {
    if (!hasVectorModule() || Simd.BITS < KernelCapability.MIN_VECTOR_BITS) {
      return Optional.empty();
    }
    return Optional.of(Simd.KERNELS);
  }

  /** What this JVM offers. */
  public static KernelCapability capability() {
    boolean module = hasVectorModule();
    return new KernelCapability(
        System.getProperty("os.arch"),
        hasOptimizingCompiler(System.getProperty("java.vm.info", "")),
        hasHardwareFma(),
        module,
        module ? Simd.BITS : 0,
        isHotSpot(
            System.getProperty("java.vm.name", ""),
            System.getProperty("java.vm.version", ""),
            ManagementFactory.getRuntimeMXBean().getInputArguments()));
  }

  /** HotSpot says {@code interpreted mode} and {@code emulated-client} for its lesser modes. */
  static boolean hasOptimizingCompiler(String vmInfo) {
    return !vmInfo.contains("interpreted") && !vmInfo.contains("emulated-client");
  }

  /**
   * Whether C2 compiles vectors here. GraalVM names itself in the name or, as its JDKs do, JVMCI in
   * the version.
   */
  static boolean isHotSpot(String vmName, String vmVersion, List<String> arguments) {
    return (vmName.startsWith("OpenJDK") || vmName.startsWith("Java HotSpot"))
        && vmName.contains("Server VM")
        && !vmName.contains("GraalVM")
        && !vmVersion.contains("jvmci")
        && arguments.stream()
            .noneMatch(option -> option.contains("JVMCI") || option.contains("VectorSupport"));
  }

  private static boolean hasVectorModule() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  private static boolean hasHardwareFma() {
    long least = Long.MAX_VALUE;
    float sum = 1f;
    for (int round = 0; round < 5; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < FMA_CALLS; i++) {
        sum = Math.fma(sum, 0.5f, 1f);
      }
      least = Math.min(least, System.nanoTime() - start);
    }
    return sum > 0f && least < FMA_CALLS * FMA_LIMIT_NANOS;
  }

  private static Kernels chosen(String setting, String name) {
    return switch (name) {
      case "scalar" -> SCALAR;
      case "simd" ->
          simd()
              .orElseThrow(
                  () ->
                      new OnnxException(
                          Code.INVALID_SETTING,
                          setting + " is 'simd', but " + capability().decide().explanation()));
      default ->
          throw new OnnxException(
              Code.INVALID_SETTING, setting + " is '" + name + "'; auto, scalar or simd is needed");
    };
  }

  private static Kernels chooseByCapability() {
    Decision decision = capability().decide();
    if (decision.probed() && !simdBecomesFaster()) {
      decision =
          Decision.scalar(
              "a timed probe found them slower here than plain Java",
              "use a HotSpot JVM with its C2 compiler, or force them with -D" + PROPERTY + "=simd");
    }
    if (decision.simd()) {
      return Simd.KERNELS;
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "Plain Java kernels are used, several times slower than SIMD: " + decision.explanation());
    return SCALAR;
  }

  private static boolean simdBecomesFaster() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    boolean known = threads.isCurrentThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled();
    LongSupplier spent = known ? threads::getCurrentThreadCpuTime : System::nanoTime;
    return new SimdProbe(spent).simdBecomesFaster(PROBE_LIMIT_NANOS);
  }

  /** Loaded only where the module of the Vector API is. */
  private static final class Simd {
    private static final int BITS = SimdKernels.vectorBits();
    private static final Kernels KERNELS = new SimdKernels();
  }
}
