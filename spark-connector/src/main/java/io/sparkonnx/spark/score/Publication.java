package io.sparkonnx.spark.score;

import java.io.IOException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A staged run on its way to be visible. Every step may be repeated, so a run whose process died is
 * published by whoever comes next.
 *
 * @param store of the records
 * @param sink where the run becomes visible
 * @param staged folder of the run's rows and manifest
 */
record Publication(RunStore store, RunSink sink, Path staged) {

  private Path manifest() {
    return new Path(staged, RunStore.MANIFEST);
  }

  private Path begun() {
    return new Path(staged, "begun.json");
  }

  /** Notes which run is staged here. */
  void begin(FailedRun run) throws IOException {
    store.files().mkdirs(staged);
    RunRecords.write(store.files(), begun(), run);
  }

  /** Decides that the run will be published; its rows are all there. */
  void decide(RunManifest run) throws IOException {
    RunRecords.write(store.files(), manifest(), run);
  }

  /**
   * Publishes runs that were decided, and removes what else is staged. The lock is held.
   *
   * @throws ScoreException NOT_PUBLISHED if a run cannot be
   */
  static void recover(RunStore store, RunSink sink) throws IOException {
    for (FileStatus staged : store.list(store.staging())) {
      Publication publication = new Publication(store, sink, staged.getPath());
      if (store.files().exists(publication.manifest())) {
        publication.publish();
      } else {
        publication.noteInterruption();
        publication.discard();
      }
    }
  }

  private void noteInterruption() throws IOException {
    if (store.files().exists(begun())) {
      FailedRun run = RunRecords.read(store.files(), begun(), FailedRun.class);
      if (store.find(run.runId()).isEmpty()) {
        store.fail(run.interrupted());
      }
    }
  }

  void discard() throws IOException {
    sink.discard(staged);
    store.files().delete(staged, true);
  }

  /**
   * Makes the run visible.
   *
   * @throws ScoreException NOT_PUBLISHED if the sink does not take it
   */
  void publish() throws IOException {
    FileSystem files = store.files();
    RunManifest run = RunRecords.read(files, manifest(), RunManifest.class);
    try {
      sink.publish(run, staged);
    } catch (RuntimeException e) {
      throw notPublished(run, e);
    } catch (IOException e) {
      throw notPublished(run, e);
    }
    if (run.side() != null) {
      run.side().publish(run.runId(), files, staged);
    }
    Path done = store.manifest(run.runId());
    files.mkdirs(done.getParent());
    if (!files.rename(manifest(), done)) {
      throw new IOException(manifest() + " cannot be renamed to " + done);
    }
    store.forgetFailure(run.runId());
    discard();
  }

  private ScoreException notPublished(RunManifest run, Exception failure) {
    return new ScoreException(
        ScoreException.Code.NOT_PUBLISHED,
        "run "
            + run.runId()
            + " is complete but "
            + run.output().path()
            + " does not take it: "
            + failure.getMessage()
            + "; the next job tries it again, unless "
            + staged
            + " is removed",
        failure);
  }
}
