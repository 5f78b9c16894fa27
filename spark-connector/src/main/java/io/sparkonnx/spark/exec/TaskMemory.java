package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.OnnxException;
import org.apache.spark.TaskContext;
import org.apache.spark.memory.MemoryConsumer;
import org.apache.spark.memory.MemoryMode;

/**
 * Execution memory that one task's calls hold of Spark's memory manager. It is asked for before
 * arrays are allocated and given back when the task ends.
 */
final class TaskMemory extends MemoryConsumer implements AutoCloseable {
  /** Small requests are rounded up to this, so that the memory manager is seldom asked. */
  private static final long GRAIN = 256 << 10;

  private final TaskContext task;
  private final TaskMetrics metrics;

  TaskMemory(TaskContext task, TaskMetrics metrics) {
    super(task.taskMemoryManager(), MemoryMode.ON_HEAP);
    this.task = task;
    this.metrics = metrics;
  }

  /** The share of one user, which grows to the most that it ever needed. */
  final class Share {
    private final String owner;
    private long held;

    /**
     * @param owner who needs the memory, for messages
     */
    Share(String owner) {
      this.owner = owner;
    }

    /** Whether the share has this many bytes. */
    boolean has(long bytes) {
      return bytes <= held;
    }

    /**
     * Makes sure that the share has this many bytes.
     *
     * @throws OnnxException LIMIT_EXCEEDED if Spark's memory manager has not that many
     */
    void reach(long bytes) {
      if (bytes > held) {
        long more = (bytes - held + GRAIN - 1) / GRAIN * GRAIN;
        acquire(owner, more);
        held += more;
      }
    }
  }

  private void acquire(String owner, long bytes) {
    long start = System.nanoTime();
    long granted = acquireMemory(bytes);
    metrics.waiting().add(System.nanoTime() - start);
    if (granted < bytes) {
      freeMemory(granted);
      throw new OnnxException(
          OnnxException.Code.LIMIT_EXCEEDED,
          owner
              + " needs "
              + bytes
              + " bytes more for its batch, besides the "
              + getUsed()
              + " that the task holds, but Spark's memory manager has only "
              + granted
              + "; take a smaller batch_size, fewer tasks at a time (spark.task.cpus) or more"
              + " spark.executor.memory");
    }
  }

  /** Nothing can be spilled: a batch in work needs its arrays. */
  @Override
  public long spill(long size, MemoryConsumer trigger) {
    return 0;
  }

  /** Gives everything back. */
  @Override
  public void close() {
    metrics.peakScratch().add(getUsed());
    task.taskMetrics().incPeakExecutionMemory(getUsed());
    freeMemory(getUsed());
  }
}
