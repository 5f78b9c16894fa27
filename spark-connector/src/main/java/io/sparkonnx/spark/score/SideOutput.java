package io.sparkonnx.spark.score;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * Where rows go that the model cannot take: a folder with a directory for each run that has some.
 *
 * @param format of the files
 * @param path the folder
 */
public record SideOutput(String format, String path) {
  /** The column that says what is wrong with a row. */
  static final String ERROR = "error";

  private static Path rows(Path staged) {
    return new Path(staged, "side");
  }

  private Path run(String runId) {
    return new Path(path, RunStore.RUN_COLUMN + "=" + runId);
  }

  /**
   * Looks whether a run can be written.
   *
   * @throws ScoreException FOREIGN_OUTPUT if its directory is there
   */
  void check(String runId, Configuration configuration) throws IOException {
    if (run(runId).getFileSystem(configuration).exists(run(runId))) {
      throw new ScoreException(
          ScoreException.Code.FOREIGN_OUTPUT,
          run(runId) + " is there, but no manifest says that the run is done; remove it first");
    }
  }

  /** Writes bad rows where no reader sees them. */
  void stage(Dataset<Row> rows, Path staged) {
    DataFrameWriter<Row> writer = rows.write().format(format).mode(SaveMode.ErrorIfExists);
    if (format.equals("csv")) {
      writer.option("header", true);
    }
    writer.save(rows(staged).toString());
  }

  /** Makes staged rows visible; may be repeated. */
  void publish(String runId, FileSystem files, Path staged) throws IOException {
    Path from = rows(staged);
    if (!files.exists(from)) {
      return;
    }
    Path to = run(runId);
    FileSystem there = to.getFileSystem(files.getConf());
    there.mkdirs(to.getParent());
    if (there.getUri().equals(files.getUri())) {
      FileSink.move(files, from, to);
    } else if (!there.exists(to)) {
      Path copy = new Path(path, "_" + staged.getName());
      there.delete(copy, true);
      FileUtil.copy(files, from, there, copy, false, true, files.getConf());
      FileSink.move(there, copy, to);
    }
    FileSink.succeeded(there, to);
  }
}
