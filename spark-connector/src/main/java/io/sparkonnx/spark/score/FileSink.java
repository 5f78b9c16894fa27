package io.sparkonnx.spark.score;

import io.sparkonnx.spark.score.JobOutput.Mode;
import io.sparkonnx.spark.score.RunManifest.OutputWritten;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.lib.output.FileOutputCommitter;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.StructType;

/**
 * A folder with a directory for each run, which appears by a rename.
 *
 * @param output what the job says of it
 * @param store of the folder
 */
record FileSink(JobOutput output, RunStore store) implements RunSink {

  @Override
  public void check(String runId, StructType columns) throws IOException {
    for (Path path : store.visible()) {
      if (!RunStore.isRun(path) && output.mode() != Mode.OVERWRITE) {
        throw new ScoreException(
            ScoreException.Code.FOREIGN_OUTPUT,
            "output "
                + output.path()
                + " holds "
                + path.getName()
                + ", which no run has written; --mode overwrite replaces it");
      }
      if (path.equals(store.run(runId))) {
        throw new ScoreException(
            ScoreException.Code.FOREIGN_OUTPUT,
            path + " is there, but no manifest says that the run is done; remove it first");
      }
    }
  }

  @Override
  public void stage(Dataset<Row> rows, String runId, Path staged) {
    DataFrameWriter<Row> writer = rows.write().format(output.format()).mode(SaveMode.ErrorIfExists);
    if (output.format().equals("csv")) {
      writer.option("header", true);
    }
    writer.options(output.options());
    if (!output.partitionBy().isEmpty()) {
      writer.partitionBy(output.partitionBy().toArray(String[]::new));
    }
    writer.save(StagedRows.of(staged).toString());
  }

  @Override
  public OutputWritten written(Path staged, long rows) throws IOException {
    return StagedRows.describe(
        output,
        store.output().toString(),
        store.files(),
        staged,
        new Replaced(store, output).by(StagedRows.of(staged)));
  }

  @Override
  public void publish(RunManifest run, Path staged) throws IOException {
    for (String replaced : run.output().replaced()) {
      moveAway(new Path(store.output(), replaced), staged);
    }
    Path directory = store.run(run.runId());
    move(store.files(), StagedRows.of(staged), directory);
    succeeded(store.files(), directory);
  }

  @Override
  public void discard(Path staged) {
    // All of it lies in the run's folder.
  }

  private void moveAway(Path old, Path staged) throws IOException {
    if (store.files().exists(old)) {
      Path away = new Path(staged, "replaced");
      store.files().mkdirs(away);
      rename(store.files(), old, new Path(away, UUID.randomUUID().toString()));
      removeEmpty(old.getParent());
    }
  }

  /** Removes the directory of a run of which no partition is left. */
  private void removeEmpty(Path directory) throws IOException {
    if (directory.equals(store.output())) {
      return;
    }
    boolean empty =
        store.list(directory).stream()
            .allMatch(
                child -> child.getPath().getName().equals(FileOutputCommitter.SUCCEEDED_FILE_NAME));
    if (empty) {
      store.files().delete(directory, true);
      removeEmpty(directory.getParent());
    }
  }

  /** Marks a directory as whole. */
  static void succeeded(FileSystem files, Path directory) throws IOException {
    files.create(new Path(directory, FileOutputCommitter.SUCCEEDED_FILE_NAME), true).close();
  }

  /**
   * Moves a folder. Where an object store has copied a part of it before, the rest is moved file by
   * file.
   */
  static void move(FileSystem files, Path from, Path to) throws IOException {
    if (!files.exists(from)) {
      return;
    }
    if (!files.exists(to)) {
      rename(files, from, to);
      return;
    }
    for (FileStatus child : files.listStatus(from)) {
      Path target = new Path(to, child.getPath().getName());
      if (child.isDirectory()) {
        move(files, child.getPath(), target);
      } else {
        files.delete(target, false);
        rename(files, child.getPath(), target);
      }
    }
  }

  private static void rename(FileSystem files, Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException(from + " cannot be renamed to " + to);
    }
  }
}
