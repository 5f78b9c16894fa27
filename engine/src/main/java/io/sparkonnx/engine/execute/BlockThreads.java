package io.sparkonnx.engine.execute;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs the blocks of a run on the caller's thread and on further ones, which end with the session
 * or when they have had nothing to do for a while.
 */
final class BlockThreads implements AutoCloseable {
  private static final long IDLE_SECONDS = 10;

  private final BlockWorker[] workers;
  private final ThreadPoolExecutor helpers;

  /**
   * @param workers one for each thread, the caller's first
   */
  BlockThreads(BlockWorker[] workers) {
    this.workers = workers;
    this.helpers = workers.length == 1 ? null : helpers(workers.length - 1);
  }

  private static ThreadPoolExecutor helpers(int count) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            count, count, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    pool.allowCoreThreadTimeOut(true);
    pool.setThreadFactory(
        work -> {
          Thread thread = new Thread(work, "spark-onnx rows");
          thread.setDaemon(true);
          return thread;
        });
    return pool;
  }

  /**
   * Runs all blocks; where several fail, the error of the first one is thrown. No thread works for
   * the run any more when this returns or throws.
   */
  void run(BlockRun run) {
    BlockShares shares = new BlockShares(run);
    int threads = Math.min(workers.length, run.blocks());
    for (int i = 1; i < threads; i++) {
      BlockWorker worker = workers[i];
      shares.expect();
      try {
        helpers.execute(() -> shares.help(worker));
      } catch (OutOfMemoryError e) {
        // The system has no thread to give; those that are there share the blocks.
        shares.expectNoMore();
        break;
      }
    }
    shares.take(workers[0]);
    shares.finish();
  }

  @Override
  public void close() {
    if (helpers != null) {
      helpers.shutdown();
    }
  }
}
