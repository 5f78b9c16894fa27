package io.sparkonnx.spark.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.spark.score.BadRows.Policy;
import io.sparkonnx.spark.score.JobOutput.Mode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobReaderTest {
  private static final String LEAST = "{model: m, input: {path: in}, output: {path: out}}";
  private static final String HASH = "ab".repeat(32);

  private static JobSpec read(String... lines) throws Exception {
    return JobReader.read(JobFile.merged(JobFile.parse(LEAST), TestJob.keys(lines)));
  }

  @Test
  void readsEveryKey() throws Exception {
    JobSpec job =
        read(
            "model: hdfs:///models/churn.onnx",
            "sha256: " + HASH.toUpperCase(java.util.Locale.ROOT),
            "input: {format: csv, path: in, options: {header: true, sep: ;}}",
            "filter: country = 'DE'",
            "mapping: {features: [age, income / 12], flag: 'vip'}",
            "column: score",
            "passThrough: [id, country]",
            "output: {format: orc, path: out, mode: partitions, partitionBy: day}",
            "window: {column: at, since: 2026-11-01, asOf: '2026-12-01T00:00:00Z'}",
            "backfill: {column: day, from: 2026-11-01, to: 2026-11-30}",
            "device: cpu",
            "batchSize: 100",
            "badRows: {policy: null, maxShare: 0.01}",
            "lineage: true",
            "runId: nightly-1",
            "settings: {spark.onnx.nanForNull: true}");
    assertThat(job)
        .isEqualTo(
            new JobSpec(
                "hdfs:///models/churn.onnx",
                HASH,
                new JobInput("csv", "in", null, Map.of("header", "true", "sep", ";")),
                "country = 'DE'",
                Map.of("features", "age, income / 12", "flag", "vip"),
                "score",
                List.of("id", "country"),
                new JobOutput("orc", "out", null, null, Mode.PARTITIONS, List.of("day"), Map.of()),
                new TimeWindow("at", "2026-11-01", "2026-12-01T00:00:00Z"),
                new Backfill("day", "2026-11-01", "2026-11-30"),
                false,
                new BadRows(Policy.NULL, 0.01, null),
                true,
                "nightly-1",
                Map.of(
                    "spark.onnx.nanForNull", "true",
                    "spark.onnx.batchSize", "100",
                    "spark.onnx.device", "cpu")));
  }

  @Test
  void aTableHasANameAndAFolderOfItsState() throws Exception {
    JobSpec job =
        JobReader.read(
            TestJob.keys(
                "{model: m, input: {path: in}, badRows: {policy: side, path: bad, format: json}}",
                "output: {format: jdbc, table: s.t, state: st, options: {url: 'jdbc:x:y'}}"));
    assertThat(job.output())
        .isEqualTo(
            new JobOutput(
                "jdbc", null, "s.t", "st", Mode.APPEND, List.of(), Map.of("url", "jdbc:x:y")));
    assertThat(job.badRows()).isEqualTo(new BadRows(Policy.SIDE, 1, new SideOutput("json", "bad")));
  }

  @Test
  void aModelAnInputAndAnOutputAreEnough() throws Exception {
    JobSpec job = read();
    assertThat(job.column()).isEqualTo("prediction");
    assertThat(job.input().format()).isEqualTo("parquet");
    assertThat(job.output().mode()).isEqualTo(Mode.APPEND);
    assertThat(job.badRows()).isEqualTo(new BadRows(Policy.FAIL, 1, null));
    assertThat(job.runId()).isNull();
  }

  @Test
  void namesAllProblemsAtOnce() {
    assertThatThrownBy(
            () ->
                JobReader.read(
                    TestJob.keys(
                        "modle: m",
                        "input: {format: xls}",
                        "output: {path: out, mode: replace}",
                        "badRows: {policy: drop, maxShare: 2}",
                        "batchSize: 0",
                        "runId: 20261101")))
        .isInstanceOf(ScoreException.class)
        .hasMessageContaining("model: a model is needed, not nothing; ")
        .hasMessageContaining(
            "input.format: one of parquet, orc, csv, json, avro, arrow, delta, table, jdbc is"
                + " needed, not 'xls'; ")
        .hasMessageContaining("input.path: the path of files to read is needed, not nothing; ")
        .hasMessageContaining(
            "output.mode: one of append, overwrite, partitions is needed, not 'replace'; ")
        .hasMessageContaining("badRows.policy: one of fail, null, side is needed, not 'drop'; ")
        .hasMessageContaining(
            "badRows.maxShare: a number from 0 to 1 is needed, not the number 2; ")
        .hasMessageContaining(
            "batchSize: a whole number from 1 to 2147483647 is needed, not the number 0; ")
        .hasMessageContaining(", in quotes, is needed, not the number 20261101; ")
        .hasMessageContaining("modle: a key of model, sha256, ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sha256: abc | sha256: 64 hexadecimal digits is needed, not 'abc'",
        "filter: a ==== 1 | filter: a condition in SQL (",
        "mapping: {x: 'a +'} | mapping.x: expressions in SQL (",
        "mapping: {x: 'a) + (b'} | mapping.x: expressions in SQL (this is no list of expressions)",
        "mapping: [a] | mapping: expressions in SQL by the model's inputs is needed, not a list",
        "mapping: {x: {y: z}} | mapping.x: a text is needed, not keys and values",
        "passThrough: [a, a] | passThrough: different names of columns is needed, not a list with 'a'",
        "output: {mode: partitions} | output.partitionBy: a column for the mode partitions",
        "output: csv | output: keys and values is needed, not 'csv'",
        "window: {column: at} | window.since: since or asOf is needed, not nothing",
        "window: {column: at, since: yesterday} | window.since: a date or time of ISO 8601",
        "window: {since: 2026-11-01} | window.column: the name of a column of dates or times",
        "backfill: {column: day} | backfill.from: the least value is needed, not nothing",
        "badRows: {policy: side} | badRows.path: the folder of bad rows is needed, not nothing",
        "badRows: {policy: side, path: out/} | badRows.path: another folder than the output's is needed",
        "badRows: {policy: side, path: p, format: delta} | badRows.format: one of parquet, orc, csv,",
        "badRows: {path: p} | badRows.path: no path for the policy fail is needed, not 'p'",
        "output: {format: table} | output.table: the name of a table is needed, not nothing",
        "output: {format: table} | output.path: no path for the format table is needed, not 'out'",
        "output: {format: table, table: t} | output.state: a folder for the lock and the manifests",
        "output: {format: jdbc, table: t} | output.options.url: a URL of JDBC is needed",
        "output: {format: jdbc, partitionBy: a} | output.partitionBy: the mode partitions for columns",
        "output: {state: s} | output.state: no state for the format parquet is needed, not 's'",
        "output: {format: iceberg} | output.format: a format that runs on this Spark, as Iceberg does not",
        "input: {format: iceberg} | input.format: a format that runs on this Spark, as Iceberg does not",
        "badRows: {maxShare: 0.1} | badRows.maxShare: no share for the policy fail is needed",
        "lineage: 1 | lineage: true or false is needed, not the number 1",
        "runId: a/b | runId: letters, digits, dots, hyphens and underscores",
        "device: tpu | device: one of cpu, gpu, auto is needed, not 'tpu'",
        "settings: {spark.master: x} | settings.spark.master: a name that starts with spark.onnx.",
        "input: {table: t} | input.table: no table for the format parquet is needed, not 't'",
        "input: {format: jdbc, table: t} | input.options.url: a URL of JDBC is needed, not nothing",
        "input: {format: table} | input.table: the name of a table is needed, not nothing",
        "input: {paht: x} | input.paht: a key of format, path, table, options is needed",
      })
  void aWrongKeyIsNamedWithWhatIsExpected(String line, String problem) {
    assertThatThrownBy(() -> read(line))
        .isInstanceOf(ScoreException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void aHashMayStandAtTheModelOrAloneButNotTwice() {
    assertThatThrownBy(() -> read("{model: 'm@sha256:" + HASH + "', sha256: " + HASH + "}"))
        .hasMessageContaining("sha256: no hash beside that of the key model is needed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-01",
        "2026-11-01T12:30",
        "2026-11-01T12:30:00Z",
        "2026-11-01T00:00+01:00"
      })
  void timesAreDatesOrTimesOfIso(String time) throws Exception {
    assertThat(read("window: {column: at, since: '" + time + "'}").window().since())
        .isEqualTo(time);
  }

  @Test
  void optionsGoBeforeTheFileAndLeaveItsOtherKeys() throws Exception {
    Map<String, Object> merged =
        JobFile.merged(
            TestJob.keys("input: {path: a, options: {x: 1, y: 2}}", "passThrough: [a, b]"),
            TestJob.keys("input: {path: b, options: {y: 3}}", "passThrough: [c]"));
    assertThat(merged)
        .isEqualTo(TestJob.keys("input: {path: b, options: {x: 1, y: 3}}", "passThrough: [c]"));
  }

  @Test
  void aKeyThatStandsTwiceIsNoJob(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("job.yaml"), "model: a\nmodel: b\n");
    assertThatThrownBy(() -> JobFile.read(file.toString()))
        .isInstanceOf(ScoreException.class)
        .hasMessageContaining("job file " + file + ", line 2: Duplicate field 'model'");
  }

  @Test
  void aFileThatIsNoYamlIsNamedWithItsLine(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("job.yaml"), "model: a\n  b: [\n");
    assertThatThrownBy(() -> JobFile.read(file.toString()))
        .isInstanceOf(ScoreException.class)
        .hasMessageContaining("job file " + file + ", line 2: ");
  }

  @Test
  void aFileWithTwoDocumentsIsNoJob(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("job.yaml"), "model: a\n---\nmodel: b\n");
    assertThatThrownBy(() -> JobFile.read(file.toString())).isInstanceOf(ScoreException.class);
  }

  @Test
  void aFileThatIsNotThereIsNamed(@TempDir Path folder) {
    assertThatThrownBy(() -> JobFile.read(folder.resolve("job.yaml").toString()))
        .isInstanceOf(ScoreException.class)
        .hasMessageStartingWith("cannot read the job file " + folder.resolve("job.yaml"));
  }

  @Test
  void aFileThatHoldsAListIsNoJob(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("job.yaml"), "- model\n");
    assertThatThrownBy(() -> JobFile.read(file.toString())).isInstanceOf(ScoreException.class);
  }
}
