package io.sparkonnx.spark.score;

import io.sparkonnx.spark.model.FileSystems;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What is kept of the runs of an output, in a folder that Spark's readers pass over. */
final class RunStore {
  /** What a run may be called. */
  static final String RUN_ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

  /** The column that readers see the run as. */
  static final String RUN_COLUMN = "run_id";

  static final String MANIFEST = "manifest.json";

  private static final String FOLDER = "_spark_onnx";
  private static final String JSON = ".json";

  private final FileSystem files;
  private final Path output;
  private final Path folder;

  private RunStore(FileSystem files, Path output) {
    this.files = files;
    this.output = output;
    this.folder = new Path(output, FOLDER);
  }

  /**
   * The store of an output.
   *
   * @throws ScoreException OUTPUT_NOT_WRITABLE if its file system cannot be reached or it is a root
   */
  static RunStore of(String output, Configuration configuration) {
    try {
      Path path = new Path(output);
      FileSystem files = FileSystems.of(path, configuration);
      Path qualified = files.makeQualified(path);
      if (qualified.isRoot()) {
        throw new ScoreException(
            ScoreException.Code.OUTPUT_NOT_WRITABLE,
            "output " + output + " is the root of a file system; a folder below it is needed");
      }
      return new RunStore(files, qualified);
    } catch (IOException | IllegalArgumentException e) {
      throw new ScoreException(
          ScoreException.Code.OUTPUT_NOT_WRITABLE,
          "cannot reach " + output + ": " + e.getMessage(),
          e);
    }
  }

  FileSystem files() {
    return files;
  }

  Path output() {
    return output;
  }

  Path lock() {
    return new Path(folder, "lock");
  }

  Path staging() {
    return new Path(folder, "staging");
  }

  /** What an incremental job remembers of the files that it has read. */
  Path checkpoint(String name) {
    return new Path(new Path(folder, "checkpoints"), name);
  }

  /** A new folder for what is not finished. */
  Path newStaging() {
    return new Path(staging(), UUID.randomUUID().toString());
  }

  /** The directory of a run. */
  Path run(String runId) {
    return new Path(output, RUN_COLUMN + "=" + runId);
  }

  Path manifest(String runId) {
    return new Path(manifests(), runId + JSON);
  }

  private Path manifests() {
    return new Path(folder, "manifests");
  }

  Optional<RunManifest> find(String runId) throws IOException {
    try {
      return Optional.of(RunRecords.read(files, manifest(runId), RunManifest.class));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** The manifests of all runs that are done, in the order in which these started. */
  List<RunManifest> runs() throws IOException {
    return records(
        manifests(),
        RunManifest.class,
        Comparator.comparing(RunManifest::started).thenComparing(RunManifest::runId));
  }

  /** Runs that did not come to their end and are not done, in the order in which they started. */
  List<FailedRun> failures() throws IOException {
    return records(
        failed(),
        FailedRun.class,
        Comparator.comparing(FailedRun::started).thenComparing(FailedRun::runId));
  }

  private <T> List<T> records(Path parent, Class<T> type, Comparator<T> order) throws IOException {
    List<T> records = new ArrayList<>();
    for (FileStatus file : list(parent)) {
      if (file.getPath().getName().endsWith(JSON)) {
        records.add(RunRecords.read(files, file.getPath(), type));
      }
    }
    records.sort(order);
    return records;
  }

  private Path failed() {
    return new Path(folder, "failed");
  }

  private Path failure(String runId) {
    return new Path(failed(), runId + JSON);
  }

  /** Notes that a run failed, in the place of what was noted of it before. */
  void fail(FailedRun run) throws IOException {
    Path file = failure(run.runId());
    files.mkdirs(file.getParent());
    files.delete(file, false);
    RunRecords.write(files, file, run);
  }

  /** Forgets that a run failed. */
  void forgetFailure(String runId) throws IOException {
    files.delete(failure(runId), false);
  }

  /** The children of a folder; none where it is not there. */
  List<FileStatus> list(Path parent) throws IOException {
    try {
      return Arrays.asList(files.listStatus(parent));
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  /** What readers of the output see: directories of runs and what else lies there. */
  List<Path> visible() throws IOException {
    return list(output).stream()
        .map(FileStatus::getPath)
        .filter(path -> !path.getName().startsWith("_") && !path.getName().startsWith("."))
        .toList();
  }

  /** Whether a visible path is a run's. */
  static boolean isRun(Path path) {
    return path.getName().startsWith(RUN_COLUMN + "=");
  }
}
