package io.sparkonnx.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.ArrayList;
import java.util.List;

/** Collects the whole heap over and over and keeps what lived. */
final class LiveHeap {
  private static final long PAUSE_MILLIS = 200;

  private final List<Long> megabytes = new ArrayList<>();
  private final Thread thread = new Thread(this::sample, "live-heap");

  private LiveHeap() {}

  static LiveHeap watch() {
    LiveHeap heap = new LiveHeap();
    heap.thread.setDaemon(true);
    heap.thread.start();
    return heap;
  }

  /** Ends the watch; one sample at least. */
  List<Long> stop() throws InterruptedException {
    thread.interrupt();
    thread.join();
    return megabytes;
  }

  private void sample() {
    try {
      do {
        System.gc();
        megabytes.add(afterCollection() >> 20);
        Thread.sleep(PAUSE_MILLIS);
      } while (!Thread.currentThread().isInterrupted());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Bytes that were used when the last collection ended. */
  private static long afterCollection() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
        .mapToLong((MemoryPoolMXBean pool) -> pool.getCollectionUsage().getUsed())
        .sum();
  }
}
