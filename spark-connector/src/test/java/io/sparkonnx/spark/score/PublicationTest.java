package io.sparkonnx.spark.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.spark.score.JobOutput.Mode;
import io.sparkonnx.spark.score.RunManifest.InputRead;
import io.sparkonnx.spark.score.RunManifest.ModelUsed;
import io.sparkonnx.spark.score.RunManifest.OutputWritten;
import io.sparkonnx.spark.score.RunManifest.RowCounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process may die at any change of the file system. */
class PublicationTest {
  @TempDir Path folder;

  @AfterEach
  void repair() {
    BreakingFileSystem.breakAfter(Integer.MAX_VALUE);
  }

  private RunStore store(Path output) {
    Configuration configuration = new Configuration();
    configuration.set("fs.breaking.impl", BreakingFileSystem.class.getName());
    return RunStore.of(BreakingFileSystem.SCHEME + ":" + output, configuration);
  }

  private static RunSink sink(RunStore store) {
    return new FileSink(
        new JobOutput("parquet", "out", null, null, Mode.APPEND, List.of(), Map.of()), store);
  }

  private static Path rows(Publication publication) {
    return Path.of(StagedRows.of(publication.staged()).toUri().getPath());
  }

  private static RunManifest manifest(String runId, String... replaced) {
    return new RunManifest(
        RunManifest.SCHEMA,
        runId,
        "2026-11-01T00:00:00Z",
        "2026-11-01T00:01:00Z",
        new ModelUsed("m.onnx", "00"),
        Versions.current(),
        new InputRead("parquet", "in", null, null, null, null),
        new OutputWritten("parquet", "out", "append", 1, 1, List.of(replaced)),
        null,
        new RowCounts(1, 0, 0),
        Map.of(),
        null,
        new DeviceUse(1, 0, 0, null),
        Map.of(),
        Map.of());
  }

  private static void write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, file.getFileName().toString(), StandardCharsets.UTF_8);
  }

  /** Stages a run of two files as a job does. */
  private static Publication staged(RunStore store, String runId, String... replaced)
      throws IOException {
    Publication publication = new Publication(store, sink(store), store.newStaging());
    Path rows = rows(publication);
    write(rows.resolve("day=1/part-" + runId));
    write(rows.resolve("day=2/part-" + runId));
    publication.decide(manifest(runId, replaced));
    return publication;
  }

  /** All files that readers see. */
  private static List<String> seen(Path output) throws IOException {
    try (Stream<Path> files = Files.walk(output)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> output.relativize(file).toString())
          .filter(name -> !name.startsWith("_") && !name.endsWith("_SUCCESS"))
          .sorted()
          .toList();
    }
  }

  @Test
  void afterDyingAtAnyChangeTheNextOneCompletesTheRun() throws Exception {
    List<String> complete = List.of("run_id=a/day=1/part-a", "run_id=a/day=2/part-a");
    boolean died = true;
    for (int changes = 0; died; changes++) {
      Path output = folder.resolve("append" + changes);
      RunStore store = store(output);
      Publication publication = staged(store, "a");
      died = dies(publication, changes);
      assertThat(seen(output)).as("seen after %d changes", changes).isIn(complete, List.of());
      Publication.recover(store, sink(store));
      assertThat(seen(output)).as("after %d changes", changes).containsExactlyElementsOf(complete);
      assertThat(store.find("a")).isPresent();
      assertThat(output.resolve("_spark_onnx/staging")).isEmptyDirectory();
      assertThat(changes).isLessThan(50);
    }
  }

  @Test
  void whereRowsAreReplacedNobodySeesBothTheOldAndTheNew() throws Exception {
    boolean died = true;
    for (int changes = 0; died; changes++) {
      Path output = folder.resolve("replace" + changes);
      RunStore store = store(output);
      staged(store, "a").publish();
      Publication publication = staged(store, "b", "run_id=a/day=1", "run_id=a/day=2");
      died = dies(publication, changes);
      String seen = String.join(" ", seen(output));
      assertThat(seen.contains("part-a") && seen.contains("part-b"))
          .as("after %d changes: %s", changes, seen)
          .isFalse();
      Publication.recover(store, sink(store));
      assertThat(seen(output))
          .as("after %d changes", changes)
          .containsExactly("run_id=b/day=1/part-b", "run_id=b/day=2/part-b");
      assertThat(changes).isLessThan(50);
    }
  }

  private static boolean dies(Publication publication, int changes) {
    BreakingFileSystem.breakAfter(changes);
    try {
      publication.publish();
      return false;
    } catch (IOException | ScoreException e) {
      return true;
    } finally {
      BreakingFileSystem.breakAfter(Integer.MAX_VALUE);
    }
  }

  @Test
  void whatWasNotDecidedIsRemoved() throws Exception {
    Path output = folder.resolve("out");
    RunStore store = store(output);
    write(rows(new Publication(store, sink(store), store.newStaging())).resolve("part"));
    Publication.recover(store, sink(store));
    assertThat(output.resolve("_spark_onnx/staging")).isEmptyDirectory();
    assertThat(seen(output)).isEmpty();
  }

  /** An object store renames by copying file by file. */
  @Test
  void aFolderOfWhichAPartIsThereIsCompleted() throws Exception {
    Path output = folder.resolve("out");
    RunStore store = store(output);
    Publication publication = staged(store, "a");
    write(output.resolve("run_id=a/day=1/part-a"));
    publication.publish();
    assertThat(seen(output)).containsExactly("run_id=a/day=1/part-a", "run_id=a/day=2/part-a");
  }

  @Test
  void theMarkOfSuccessAndTheManifestComeAfterTheRows() throws Exception {
    Path output = folder.resolve("out");
    RunStore store = store(output);
    int changes = 0;
    Publication publication = staged(store, "a");
    while (dies(publication, changes)) {
      boolean rows = Files.exists(output.resolve("run_id=a/day=2/part-a"));
      boolean marked = Files.exists(output.resolve("run_id=a/_SUCCESS"));
      assertThat(!marked || rows).isTrue();
      assertThat(store.find("a").isEmpty() || marked).isTrue();
      changes++;
      if (store.find("a").isPresent()) {
        return;
      }
    }
  }
}
