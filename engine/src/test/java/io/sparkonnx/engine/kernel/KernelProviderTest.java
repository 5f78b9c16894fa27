package io.sparkonnx.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.kernel.KernelCapability.Decision;
import org.junit.jupiter.api.Test;

class KernelProviderTest {
  @Test
  void simdIsWorthAProbeOnACompleteMachine() {
    assertThat(new KernelCapability("amd64", true, true, true, 512).decide().simd()).isTrue();
    assertThat(new KernelCapability("aarch64", true, true, true, 128).decide().simd()).isTrue();
  }

  @Test
  void withoutTheModuleTheRemedyIsACommandLineOption() {
    Decision decision = new KernelCapability("amd64", true, true, false, 0).decide();
    assertThat(decision.simd()).isFalse();
    assertThat(decision.explanation())
        .isEqualTo(
            "the module jdk.incubator.vector is not there; "
                + "add --add-modules jdk.incubator.vector to the java command");
  }

  @Test
  void anInterpreterOnlyJvmTakesPlainJava() {
    Decision decision = new KernelCapability("amd64", false, true, true, 512).decide();
    assertThat(decision.simd()).isFalse();
    assertThat(decision.cause()).contains("without its optimising compiler");
  }

  @Test
  void narrowVectorsTakePlainJava() {
    Decision decision = new KernelCapability("riscv64", true, true, true, 64).decide();
    assertThat(decision.simd()).isFalse();
    assertThat(decision.cause()).contains("64 bits on riscv64");
  }

  @Test
  void emulatedFmaTakesPlainJava() {
    Decision decision = new KernelCapability("amd64", true, false, true, 128).decide();
    assertThat(decision.simd()).isFalse();
    assertThat(decision.cause()).contains("not one instruction");
  }

  @Test
  void theVmTellsWhetherItOptimises() {
    assertThat(KernelProvider.hasOptimizingCompiler("mixed mode, sharing")).isTrue();
    assertThat(KernelProvider.hasOptimizingCompiler("interpreted mode, sharing")).isFalse();
    assertThat(KernelProvider.hasOptimizingCompiler("mixed mode, emulated-client, sharing"))
        .isFalse();
  }

  @Test
  void theChoiceIsMadeOnce() {
    assertThat(KernelProvider.best()).isSameAs(KernelProvider.best());
    assertThat(KernelProvider.scalar().name()).isEqualTo("scalar");
    assertThat(KernelProvider.simd())
        .map(Kernels::name)
        .hasValueSatisfying(name -> assertThat(name).startsWith("simd-"));
  }
}
