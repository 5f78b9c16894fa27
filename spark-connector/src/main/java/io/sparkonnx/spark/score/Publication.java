package io.sparkonnx.spark.score;

import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.lib.output.FileOutputCommitter;

/**
 * A staged run on its way to be visible. Every step may be repeated, so a run whose process died is
 * published by whoever comes next.
 *
 * @param store of the output
 * @param staged folder of the run's rows and manifest
 */
record Publication(RunStore store, Path staged) {

  /** Where the rows of a staged run are written. */
  Path rows() {
    return new Path(staged, "rows");
  }

  private Path manifest() {
    return new Path(staged, RunStore.MANIFEST);
  }

  /** Decides that the run will be published; its rows are all there. */
  void decide(RunManifest run) throws IOException {
    run.write(store.files(), manifest());
  }

  /** Publishes runs that were decided, and removes what else is staged. The lock is held. */
  static void recover(RunStore store) throws IOException {
    for (FileStatus staged : store.list(store.staging())) {
      Publication publication = new Publication(store, staged.getPath());
      if (store.files().exists(publication.manifest())) {
        publication.publish();
      } else {
        publication.discard();
      }
    }
  }

  void discard() throws IOException {
    store.files().delete(staged, true);
  }

  /** Makes the run visible. */
  void publish() throws IOException {
    FileSystem files = store.files();
    RunManifest run = RunManifest.read(files, manifest());
    for (String replaced : run.output().replaced()) {
      moveAway(new Path(store.output(), replaced));
    }
    Path directory = store.run(run.runId());
    move(rows(), directory);
    files.create(new Path(directory, FileOutputCommitter.SUCCEEDED_FILE_NAME), true).close();
    Path done = store.manifest(run.runId());
    files.mkdirs(done.getParent());
    rename(manifest(), done);
    discard();
  }

  private void moveAway(Path old) throws IOException {
    if (store.files().exists(old)) {
      Path away = new Path(staged, "replaced");
      store.files().mkdirs(away);
      rename(old, new Path(away, UUID.randomUUID().toString()));
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

  /**
   * Moves a folder. Where an object store has copied a part of it before, the rest is moved file by
   * file.
   */
  private void move(Path from, Path to) throws IOException {
    FileSystem files = store.files();
    if (!files.exists(from)) {
      return;
    }
    if (!files.exists(to)) {
      rename(from, to);
      return;
    }
    for (FileStatus child : files.listStatus(from)) {
      Path target = new Path(to, child.getPath().getName());
      if (child.isDirectory()) {
        move(child.getPath(), target);
      } else {
        files.delete(target, false);
        rename(child.getPath(), target);
      }
    }
  }

  private void rename(Path from, Path to) throws IOException {
    if (!store.files().rename(from, to)) {
      throw new IOException(from + " cannot be renamed to " + to);
    }
  }
}
