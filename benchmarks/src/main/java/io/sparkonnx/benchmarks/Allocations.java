package io.sparkonnx.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/**
 * What this project's code, and what it called, allocated in Spark's tasks.
 *
 * @param objects number of objects
 * @param bytes of these
 */
record Allocations(long objects, long bytes) {
  /** How the names of Spark's task threads start, at work or idle. */
  private static final String TASKS = "Executor task";

  private static final String OURS = "io.sparkonnx.";

  private static final String BENCHMARKS = OURS + "benchmarks.";
  private static final String EVENT = "jdk.ObjectAllocationOutsideTLAB";

  /**
   * Allocations of the tasks that a job runs. They are complete in a JVM with {@code -XX:-UseTLAB}:
   * there every allocation is an event of the flight recorder.
   */
  static Allocations during(Runnable job) throws IOException {
    Path file = Files.createTempFile("allocations", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable(EVENT).withStackTrace();
      recording.start();
      job.run();
      recording.stop();
      recording.dump(file);
      return read(file);
    } finally {
      Files.delete(file);
    }
  }

  private static Allocations read(Path file) throws IOException {
    long objects = 0;
    long bytes = 0;
    try (RecordingFile events = new RecordingFile(file)) {
      while (events.hasMoreEvents()) {
        RecordedEvent event = events.readEvent();
        String thread = event.getThread() == null ? null : event.getThread().getJavaName();
        if (thread != null && thread.startsWith(TASKS) && isOurs(event.getStackTrace())) {
          objects++;
          bytes += event.getLong("allocationSize");
        }
      }
    }
    return new Allocations(objects, bytes);
  }

  /** Whether our code is on the stack, and no iterator above it, which is the child's work. */
  private static boolean isOurs(RecordedStackTrace stack) {
    if (stack == null) {
      return false;
    }
    for (RecordedFrame frame : stack.getFrames()) {
      RecordedMethod method = frame.getMethod();
      if (method.getType().getName().startsWith(OURS)) {
        return !method.getType().getName().startsWith(BENCHMARKS);
      }
      if (method.getName().equals("next") || method.getName().equals("hasNext")) {
        return false;
      }
    }
    return false;
  }

  Allocations minus(Allocations other) {
    return new Allocations(objects - other.objects, bytes - other.bytes);
  }

  /** The one with fewer objects. */
  Allocations least(Allocations other) {
    return other.objects < objects ? other : this;
  }
}
