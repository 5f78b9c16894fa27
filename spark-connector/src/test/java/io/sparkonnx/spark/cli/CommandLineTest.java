package io.sparkonnx.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkonnx.engine.device.Devices;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Commands that work on the engine alone, called as {@code bin/spark-onnx} calls them. */
class CommandLineTest {
  private static final Path DEMO = Path.of("..", "demo").toAbsolutePath().normalize();
  private static final String DIGITS = DEMO.resolve("models/digits.onnx").toString();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(String... args) {
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    return command.execute(args);
  }

  @Test
  void withoutACommandNamesTheCommands() {
    assertThat(execute()).isEqualTo(2);
    assertThat(err.toString())
        .startsWith(
            "error [USAGE]: a command is needed: [demo, score, runs, inspect, check, profile, devices]");
  }

  @Test
  void anUnknownOptionIsWrongUsage() {
    assertThat(execute("inspect", DIGITS, "--colour")).isEqualTo(2);
    assertThat(err.toString()).startsWith("error [USAGE]: Unknown option: '--colour'");
  }

  @Test
  void aModelThatIsNotThereIsWrongInput(@TempDir Path folder) {
    Path missing = folder.resolve("missing.onnx");
    assertThat(execute("inspect", missing.toString())).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("error [MODEL_NOT_READABLE]: ")
        .contains(missing.toString())
        .hasLineCount(1);
  }

  @Test
  void inspectShowsTheSignatureAndTheCost() {
    assertThat(execute("inspect", DIGITS)).isZero();
    assertThat(out.toString())
        .contains("image: float [batch, 1, 8, 8]")
        .contains("probabilities: float [batch, 10]")
        .containsPattern("(?m)^parameters +40394$")
        .containsPattern("(?m)^batching +any number of rows, each on its own$")
        .containsPattern("(?m)^flops +\\d+\\*batch$");
  }

  @Test
  void inspectWritesAPage(@TempDir Path folder) throws Exception {
    Path page = folder.resolve("digits.html");
    assertThat(execute("inspect", DIGITS, "--html", page.toString())).isZero();
    assertThat(Files.readString(page))
        .startsWith("<!DOCTYPE html>")
        .contains("<svg", "digits.onnx");
  }

  @Test
  void aPageThatCannotBeWrittenIsOneLine(@TempDir Path folder) {
    Path page = folder.resolve("none").resolve("digits.html");
    assertThat(execute("inspect", DIGITS, "--html", page.toString())).isEqualTo(2);
    assertThat(err.toString()).startsWith("error [OUTPUT]: --html: " + page + " cannot be written");
  }

  @Test
  void inspectPrintsJson() throws Exception {
    assertThat(execute("inspect", DIGITS, "--json")).isZero();
    JsonNode facts = new ObjectMapper().readTree(out.toString());
    assertThat(facts.get("parameters").asInt()).isEqualTo(40_394);
    assertThat(facts.get("operators").get("Conv").asInt()).isEqualTo(3);
  }

  @Test
  void profileShowsTheTimePerOperator() {
    assertThat(execute("profile", DIGITS, "--batch-size", "16", "--seconds", "0.2")).isZero();
    assertThat(out.toString())
        .contains("batch 16")
        .containsPattern("(?m)^Conv +\\d+ +\\d.*% +cpu$");
  }

  @Test
  void profileOnADeviceTellsWhereStepsRanAndWhatTheDeviceDid() {
    String device = device();
    assertThat(profile("--device", "gpu")).isZero();
    assertThat(out.toString())
        .containsPattern("(?m)^\\d+ of \\d+ steps on \\Q" + device + "\\E: computes ")
        .containsPattern(
            "(?m) computes [\\d.]*[1-9]\\d* ms of a run, transfers [\\d.]*[1-9]\\d* ms, ")
        .containsPattern("(?m)^Conv +\\d+ +\\d.*% +device$");
  }

  @Test
  void profilePrintsEachStepOfADevice() {
    device();
    assertThat(profile("--device", "gpu", "--steps")).isZero();
    assertThat(out.toString())
        .containsPattern("(?m)^device +\\d+\\.\\d{3} ms +\\d+\\.\\d% +Conv '");
  }

  @Test
  void profilePrintsTheStepsOfADeviceAsJson() throws Exception {
    String device = device();
    assertThat(profile("--device", device, "--json")).isZero();
    JsonNode facts = new ObjectMapper().readTree(out.toString());
    assertThat(facts.get("device").asText()).isEqualTo(device);
    assertThat(facts.get("deviceKernelMillis").asDouble()).isPositive();
    double share = 0;
    for (JsonNode step : facts.get("steps")) {
      assertThat(step.get("where").asText()).isIn("device", "cpu");
      share += step.get("share").asDouble();
    }
    assertThat(share).isCloseTo(1, within(1e-9));
    assertThat(facts.get("steps").findValuesAsText("where")).contains("device");
  }

  @Test
  void profileOnAnUnknownDeviceIsWrongUsage() {
    assertThat(profile("--device", "pci:ffff:00:00.0")).isEqualTo(2);
    assertThat(err.toString()).startsWith("error [DEVICE_NOT_AVAILABLE]: ");
  }

  @Test
  void profileOfMoreRowsThanMemoryHoldsIsWrongInput() {
    assertThat(execute("profile", DIGITS, "--batch-size", "33000000", "--seconds", "0.2"))
        .isEqualTo(2);
    assertThat(err.toString())
        .startsWith("error [OUT_OF_MEMORY]: runs of 33000000 rows do not fit into the ");
  }

  @Test
  void profileOfMoreRowsThanAnArrayHoldsIsWrongInput() {
    assertThat(execute("profile", DIGITS, "--batch-size", "2147483647", "--seconds", "0.2"))
        .isEqualTo(2);
    assertThat(err.toString())
        .startsWith("error [INVALID_INPUT]: no random input can be made for ")
        .contains("it would have 137438953408 elements");
  }

  private int profile(String... options) {
    List<String> args = new ArrayList<>(List.of("profile", DIGITS, "--batch-size", "16"));
    args.addAll(List.of("--seconds", "0.2"));
    args.addAll(List.of(options));
    return execute(args.toArray(String[]::new));
  }

  /** The first device's id. */
  private static String device() {
    Devices.Found found = Devices.find();
    if (!Boolean.getBoolean("sparkonnx.opencl.required")) {
      Assumptions.assumeTrue(found.problem() == null, () -> "no device: " + found.problem());
    }
    return found.devices().get(0).id();
  }

  @Test
  void profileRefusesABatchOfNoRows() {
    assertThat(execute("profile", DIGITS, "--batch-size", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("batch size, threads and seconds must be positive");
  }

  @Test
  void profileRefusesALengthForTheRows() {
    assertThat(execute("profile", DIGITS, "--dim", "batch=5")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("error [INVALID_INPUT]: dimension batch=5")
        .contains("the batch size gives the rows");
  }

  @Test
  void profileRefusesThreadsThatNoMachineHas() {
    assertThat(execute("profile", DIGITS, "--threads", "99999999")).isEqualTo(2);
    assertThat(err.toString()).contains("--threads is 99999999, at most 1024");
  }

  @Test
  void checkRefusesANegativeTolerance(@TempDir Path folder) {
    assertThat(execute("check", folder.toString(), "--rtol", "-1")).isEqualTo(2);
    assertThat(err.toString()).contains("--rtol is -1.0").contains("neither may be negative");
  }

  @Test
  void checkRefusesAFolderWithoutCases(@TempDir Path folder) {
    assertThat(execute("check", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).startsWith("error [NO_CASES]: no model.onnx in " + folder);
  }

  @Test
  void checkSkipsACaseWithoutData(@TempDir Path folder) throws Exception {
    Files.copy(Path.of(DIGITS), folder.resolve("model.onnx"));
    assertThat(execute("check", folder.toString())).isZero();
    assertThat(out.toString().lines()).last().isEqualTo("0 passed, 0 failed, 1 skipped");
  }

  @Test
  void checkOnAnUnknownDeviceIsWrongUsage(@TempDir Path folder) throws Exception {
    Files.copy(Path.of(DIGITS), folder.resolve("model.onnx"));
    assertThat(execute("check", folder.toString(), "--device", "pci:ffff:00:00.0")).isEqualTo(2);
    assertThat(err.toString()).startsWith("error [DEVICE_NOT_AVAILABLE]: ");
  }

  @Test
  void checkOnADeviceTellsWhereStepsRan(@TempDir Path folder) throws Exception {
    device();
    Files.copy(Path.of(DIGITS), folder.resolve("model.onnx"));
    assertThat(execute("check", folder.toString(), "--device", "gpu")).isZero();
    assertThat(out.toString()).contains("0 steps ran on ").contains(" on the CPU; ");
  }

  @Test
  void checkFailsWhenACaseFails(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("model.onnx"), "this is no model");
    Files.createDirectory(folder.resolve("test_data_set_0"));
    assertThat(execute("check", folder.toString())).isEqualTo(1);
    assertThat(out.toString()).startsWith("FAILED ").endsWith("0 passed, 1 failed, 0 skipped\n");
  }
}
