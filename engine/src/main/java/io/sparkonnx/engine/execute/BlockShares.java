package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.OnnxException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The blocks of one run, handed out in order to the threads that work on it. */
final class BlockShares {
  private final BlockRun run;
  private final AtomicInteger next = new AtomicInteger();
  private final List<Thread> helping = new ArrayList<>();
  private int expected;
  private int failedBlock = Integer.MAX_VALUE;
  private Throwable failure;

  BlockShares(BlockRun run) {
    this.run = run;
  }

  /** Says that a thread will {@link #help}. */
  synchronized void expect() {
    expected++;
  }

  /** Takes one {@link #expect} back. */
  synchronized void expectNoMore() {
    expected--;
  }

  /** Works for the run on a thread that is not the caller's. */
  void help(BlockWorker worker) {
    synchronized (this) {
      helping.add(Thread.currentThread());
    }
    try {
      take(worker);
    } finally {
      synchronized (this) {
        helping.remove(Thread.currentThread());
        expected--;
        notifyAll();
      }
    }
  }

  /** Runs blocks until there are no more, or one has failed. */
  void take(BlockWorker worker) {
    worker.enter(run);
    for (int block = next.getAndIncrement(); block < run.blocks(); block = next.getAndIncrement()) {
      try {
        worker.runBlock(block);
      } catch (Throwable e) {
        fail(block, e);
      }
    }
    worker.leave();
  }

  private synchronized void fail(int block, Throwable cause) {
    next.set(run.blocks());
    if (block < failedBlock) {
      failedBlock = block;
      failure = cause;
    }
  }

  /** Waits until nobody works any more; an interrupt ends the run. */
  void finish() {
    boolean interrupted = awaitHelpers();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
    if (interrupted) {
      throw new OnnxException(OnnxException.Code.CANCELLED, "the run was interrupted");
    }
  }

  private synchronized boolean awaitHelpers() {
    boolean interrupted = false;
    while (expected > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
        next.set(run.blocks());
        helping.forEach(Thread::interrupt);
      }
    }
    return interrupted;
  }
}
