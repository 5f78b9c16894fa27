package io.sparkonnx.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.kernel.KernelCapability.Decision;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelProviderTest {
  @Test
  void hotSpotTakesVectorsWithoutTiming() {
    Decision x86 = new KernelCapability("amd64", true, true, true, 512, true).decide();
    Decision arm = new KernelCapability("aarch64", true, true, true, 128, true).decide();
    assertThat(x86).isEqualTo(new Decision(true, false, null, null));
    assertThat(arm).isEqualTo(x86);
  }

  @Test
  void anotherCompilerIsTimed() {
    Decision decision = new KernelCapability("amd64", true, true, true, 512, false).decide();
    assertThat(decision).isEqualTo(new Decision(true, true, null, null));
  }

  @Test
  void hotSpotIsToldByItsName() {
    assertThat(KernelProvider.isHotSpot("OpenJDK 64-Bit Server VM", "17.0.15+6", List.of()))
        .isTrue();
    assertThat(KernelProvider.isHotSpot("Java HotSpot(TM) 64-Bit Server VM", "21+35", List.of()))
        .isTrue();
    assertThat(KernelProvider.isHotSpot("Eclipse OpenJ9 VM", "openj9-0.46.1", List.of())).isFalse();
    assertThat(KernelProvider.isHotSpot("OpenJDK 64-Bit Zero VM", "17.0.15+6", List.of()))
        .isFalse();
  }

  @Test
  void aJvmWithAnotherCompilerIsNotHotSpot() {
    String name = "OpenJDK 64-Bit Server VM";
    assertThat(KernelProvider.isHotSpot(name + " GraalVM CE 22.3.3", "17.0.8", List.of()))
        .isFalse();
    assertThat(KernelProvider.isHotSpot(name, "21.0.2+13-jvmci-23.1-b30", List.of())).isFalse();
    assertThat(KernelProvider.isHotSpot(name, "17.0.15+6", List.of("-XX:+UseJVMCICompiler")))
        .isFalse();
    assertThat(KernelProvider.isHotSpot(name, "17.0.15+6", List.of("-XX:-EnableVectorSupport")))
        .isFalse();
  }

  @Test
  void theTestsThemselvesRunOnHotSpot() {
    assertThat(KernelProvider.capability().hotSpot()).isTrue();
  }

  @Test
  void withoutTheModuleTheRemedyIsACommandLineOption() {
    Decision decision = new KernelCapability("amd64", true, true, false, 0, true).decide();
    assertThat(decision.simd()).isFalse();
    assertThat(decision.explanation())
        .isEqualTo(
            "the module jdk.incubator.vector is not there; "
                + "add --add-modules jdk.incubator.vector to the java command");
  }

  @Test
  void anInterpreterOnlyJvmTakesPlainJava() {
    Decision decision = new KernelCapability("amd64", false, true, true, 512, true).decide();
    assertThat(decision.simd()).isFalse();
    assertThat(decision.cause()).contains("without its optimising compiler");
  }

  @Test
  void narrowVectorsTakePlainJava() {
    Decision decision = new KernelCapability("riscv64", true, true, true, 64, true).decide();
    assertThat(decision.simd()).isFalse();
    assertThat(decision.cause()).contains("64 bits on riscv64");
  }

  @Test
  void emulatedFmaTakesPlainJava() {
    Decision decision = new KernelCapability("amd64", true, false, true, 128, true).decide();
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
  void aNameThatIsNoneIsRefusedWithTheNamesThereAre() {
    assertThatThrownBy(() -> KernelProvider.named("avx"))
        .isInstanceOf(OnnxException.class)
        .hasMessage("kernels is 'avx'; auto, scalar or simd is needed");
  }

  @Test
  void kernelsAreFoundByName() {
    assertThat(KernelProvider.named("auto")).isSameAs(KernelProvider.best());
    assertThat(KernelProvider.named("scalar")).isSameAs(KernelProvider.scalar());
    assertThat(KernelProvider.simd()).containsSame(KernelProvider.named("simd"));
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
