package io.sparkonnx.spark.score;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.sparkonnx.spark.cli.ChildJvm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files below {@code recipes}: each is parsed, and its command describes a job of digits. */
class RecipesTest {
  private static final Path RECIPES = TestJob.DEMO.resolveSibling("recipes");
  private static final String PROGRAM = "/opt/spark-onnx/bin/spark-onnx";
  private static final String JOB = "/etc/spark-onnx/churn.yaml";

  /** Three times that schedulers understand: minute, hour, day of the month, month, day. */
  private static final String CRON = "([0-9*/,-]+ ){4}[0-9*/,-]+";

  @TempDir Path folder;

  private static String read(String recipe) throws Exception {
    return Files.readString(RECIPES.resolve(recipe));
  }

  /** What a command prints, once it has ended well. */
  private static String printed(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text;
  }

  /** The arguments that a shell's command gives to the program. */
  private List<String> arguments(String command) throws Exception {
    Path program = Files.writeString(folder.resolve("program"), "#!/bin/sh\nprintf '%s\\n' \"$@\"");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    assertThat(command).contains(PROGRAM + " ");
    return printed(List.of("/bin/sh", "-c", command.replace(PROGRAM, program.toString())))
        .lines()
        .toList();
  }

  /** Describes the job that arguments of the recipe mean, with a job of digits in its place. */
  private String described(List<String> recipe) throws Exception {
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            String.join(
                "\n",
                "model: " + TestJob.MODEL,
                "input: {path: " + TestJob.DIGITS + "}",
                "output: {path: " + folder.resolve("out") + "}"));
    List<String> arguments = new ArrayList<>(recipe);
    arguments.replaceAll(argument -> argument.equals(JOB) ? job.toString() : argument);
    assertThat(arguments).contains(job.toString());
    arguments.add("--dry-run");
    arguments.add("--master=local[1]");
    ChildJvm.Ended ended =
        ChildJvm.run(ScoreJob.class, List.of(), arguments.toArray(String[]::new));
    assertThat(ended.status()).as(ended.output()).isZero();
    return ended.output();
  }

  @Test
  void theJobFileIsAJob() {
    JobSpec job = JobReader.read(JobFile.read(RECIPES.resolve("churn.yaml").toString()));
    assertThat(job.badRows().side().path()).isEqualTo("hdfs:///scores/churn-bad-rows");
  }

  @Test
  void cronMakesARunOfEachDay() throws Exception {
    Matcher line = Pattern.compile("(?m)^(" + CRON + ") (/.+)$").matcher(read("cron/churn.cron"));
    assertThat(line.find()).isTrue();
    String command = line.group(3).replace("\\%", "%");
    List<String> arguments = arguments(command);
    assertThat(arguments.get(0)).isEqualTo("score");
    assertThat(described(arguments.subList(1, arguments.size())))
        .containsPattern("run +2\\d{3}-\\d\\d-\\d\\d: would be made");
  }

  @Test
  void systemdMakesARunOfEachDay() throws Exception {
    String unit = read("systemd/churn-scoring.service");
    Matcher start = Pattern.compile("(?m)^ExecStart=/bin/sh -c '(.+)'$").matcher(unit);
    assertThat(start.find()).isTrue();
    List<String> arguments = arguments(start.group(1).replace("%%", "%"));
    assertThat(arguments.get(0)).isEqualTo("score");
    assertThat(described(arguments.subList(1, arguments.size())))
        .containsPattern("run +2\\d{3}-\\d\\d-\\d\\d: would be made");
  }

  @Test
  void systemdKnowsTheStatusOfAJob() throws Exception {
    String unit = read("systemd/churn-scoring.service");
    assertThat(unit)
        .contains("\nSuccessExitStatus=" + ExitStatus.DONE_WITH_BAD_ROWS.code() + "\n")
        .contains("\nRestartPreventExitStatus=" + ExitStatus.WRONG_USAGE.code() + "\n");
  }

  @Test
  void theTimerNamesATimeOfTheCalendar() throws Exception {
    String timer = read("systemd/churn-scoring.timer");
    Matcher calendar = Pattern.compile("(?m)^OnCalendar=(.+)$").matcher(timer);
    assertThat(calendar.find()).isTrue();
    assertThat(calendar.group(1)).matches("\\*-\\*-\\* [0-2]\\d:[0-5]\\d:[0-5]\\d UTC");
    assertThat(timer).contains("\n[Install]\nWantedBy=timers.target\n");
  }

  /** Airflow's classes stand in for themselves: they print what they are given. */
  @Test
  void airflowSubmitsTheJobWithTheDaysOfItsInterval() throws Exception {
    stub("airflow/sdk.py", "class DAG:", "__enter__", "DAG");
    stub(
        "airflow/providers/apache/spark/operators/spark_submit.py",
        "class SparkSubmitOperator:",
        "__call__",
        "TASK");
    String printed =
        printed(
            List.of(
                "env",
                "PYTHONPATH=" + folder,
                "python3",
                RECIPES.resolve("airflow/churn_scoring.py").toString()));
    JsonNode dag = told(printed, "DAG");
    assertThat(dag.get("schedule").asText()).isEqualTo("@daily");
    assertThat(dag.get("max_active_runs").asInt()).isOne();
    JsonNode task = told(printed, "TASK");
    assertThat(task.get("java_class").asText()).isEqualTo(ScoreJob.class.getName());
    List<String> arguments = new ArrayList<>();
    for (JsonNode argument : task.get("application_args")) {
      arguments.add(
          argument
              .asText()
              .replace("{{ ds }}", "2026-11-01")
              .replace("{{ data_interval_start | ds }}", "2026-11-01")
              .replace("{{ data_interval_end | ds }}", "2026-11-02"));
    }
    assertThat(arguments).noneMatch(argument -> argument.contains("{{"));
    Path days = folder.resolve("days.json");
    Files.writeString(days, "{\"image\":[1],\"updated\":\"2026-11-01T12:00:00Z\"}");
    arguments.addAll(List.of("--input-format=json", "--input=" + days));
    arguments.addAll(List.of("--inputs=image=image", "--input-option=inferTimestamp=true"));
    assertThat(described(arguments))
        .containsPattern("window +updated since 2026-11-01 as of 2026-11-02")
        .containsPattern("run +2026-11-01: would be made");
  }

  private void stub(String module, String type, String method, String word) throws Exception {
    Path file = folder.resolve(module);
    Files.createDirectories(file.getParent());
    for (Path parent = file.getParent(); !parent.equals(folder); parent = parent.getParent()) {
      Files.writeString(parent.resolve("__init__.py"), "");
    }
    Files.writeString(
        file,
        String.join(
            "\n",
            "import json",
            type,
            "    def __init__(self, **told):",
            "        print('" + word + " ' + json.dumps(told, default=str))",
            "    def " + method + "(self): return self",
            "    def __exit__(self, *failure): pass"));
  }

  private static JsonNode told(String printed, String word) throws Exception {
    String line = printed.lines().filter(l -> l.startsWith(word + " ")).findFirst().orElseThrow();
    return new ObjectMapper().readTree(line.substring(word.length()));
  }

  @Test
  void kubernetesScoresWhatIsNew() throws Exception {
    JsonNode application =
        new ObjectMapper(new YAMLFactory()).readTree(read("kubernetes/churn-scoring.yaml"));
    assertThat(application.get("kind").asText()).isEqualTo("ScheduledSparkApplication");
    assertThat(application.at("/spec/schedule").asText()).matches(CRON);
    JsonNode template = application.at("/spec/template");
    assertThat(template.get("mainClass").asText()).isEqualTo(ScoreJob.class.getName());
    assertThat(template.get("sparkVersion").asText()).isEqualTo(Versions.current().spark());
    List<String> arguments = new ArrayList<>();
    template.get("arguments").forEach(argument -> arguments.add(argument.asText()));
    assertThat(described(arguments)).containsPattern("run +churn-000000 and on: would be made");
  }
}
