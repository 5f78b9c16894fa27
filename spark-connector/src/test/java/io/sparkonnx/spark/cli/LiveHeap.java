package io.sparkonnx.spark.cli;

import java.lang.management.ManagementFactory;
import java.util.concurrent.CopyOnWriteArrayList;

/** The command line in a JVM that collects its whole heap over and over and tells what lived. */
public final class LiveHeap {
  /** Starts the line of samples. */
  public static final String SAMPLES = "live heap in MB:";

  private static final long PAUSE_MILLIS = 500;

  private LiveHeap() {}

  public static void main(String[] args) {
    CopyOnWriteArrayList<Long> live = new CopyOnWriteArrayList<>();
    Thread sampler = new Thread(() -> sample(live), "live-heap");
    sampler.setDaemon(true);
    sampler.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> print(live)));
    Main.main(args);
  }

  @SuppressWarnings("SystemOut")
  private static void print(Iterable<Long> live) {
    StringBuilder line = new StringBuilder(SAMPLES);
    live.forEach(megabytes -> line.append(' ').append(megabytes));
    System.out.println(line);
  }

  private static void sample(CopyOnWriteArrayList<Long> live) {
    try {
      while (true) {
        Thread.sleep(PAUSE_MILLIS);
        System.gc();
        live.add(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
