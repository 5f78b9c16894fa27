package io.sparkonnx.spark.score;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * What a run takes the place of.
 *
 * @param store of the output
 * @param output what the job says of it
 */
record Replaced(RunStore store, JobOutput output) {

  /** Paths below the output's folder that go when the run of these staged rows is published. */
  List<String> by(Path rows) throws IOException {
    return switch (output.mode()) {
      case APPEND -> List.of();
      case OVERWRITE -> store.visible().stream().map(Path::getName).toList();
      case PARTITIONS -> partitions(rows);
    };
  }

  private List<String> partitions(Path rows) throws IOException {
    List<String> written = new ArrayList<>();
    collect(rows, "", output.partitionBy().size(), written);
    List<String> replaced = new ArrayList<>();
    for (Path run : store.visible()) {
      for (String partition : written) {
        if (RunStore.isRun(run) && store.files().exists(new Path(run, partition))) {
          replaced.add(run.getName() + Path.SEPARATOR + partition);
        }
      }
    }
    return replaced;
  }

  private void collect(Path folder, String name, int levels, List<String> found)
      throws IOException {
    if (levels == 0) {
      found.add(name);
      return;
    }
    for (FileStatus child : store.list(folder)) {
      if (child.isDirectory() && child.getPath().getName().contains("=")) {
        String below = child.getPath().getName();
        collect(child.getPath(), name.isEmpty() ? below : name + "/" + below, levels - 1, found);
      }
    }
  }
}
