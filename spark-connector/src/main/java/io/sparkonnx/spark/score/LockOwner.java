package io.sparkonnx.spark.score;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Who holds a lock, as its file says.
 *
 * @param token of this holding alone
 * @param host name of the machine
 * @param pid of the process
 * @param process when the process started, which tells it from a later one of this number; empty
 *     where the system does not say
 * @param user who started it
 * @param runId of the job, or that it has none of its own
 * @param since when the lock was taken
 */
record LockOwner(
    String token, String host, long pid, String process, String user, String runId, String since) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CLOCK_CHANGES = Duration.ofSeconds(10);

  /** This process. */
  static LockOwner self(String runId) {
    return new LockOwner(
        UUID.randomUUID().toString(),
        machine(),
        ProcessHandle.current().pid(),
        started(ProcessHandle.current()),
        System.getProperty("user.name", ""),
        runId == null ? "without an id" : runId,
        Instant.now().toString());
  }

  /** The owner that a file's bytes name; null where they are not all written. */
  static LockOwner parse(byte[] bytes) {
    try {
      return JSON.readValue(bytes, LockOwner.class);
    } catch (IOException e) {
      return null;
    }
  }

  byte[] bytes() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether it was a process of this machine that is no more. */
  boolean gone() {
    if (!host.equals(machine())) {
      return false;
    }
    Optional<ProcessHandle> running = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    return running.isEmpty() || isOther(started(running.get()));
  }

  /** Start times are reckoned from the time of the last boot, which moves with the clock. */
  private boolean isOther(String started) {
    if (started.isEmpty() || process.isEmpty()) {
      return false;
    }
    Duration between = Duration.between(Instant.parse(process), Instant.parse(started));
    return between.abs().compareTo(CLOCK_CHANGES) > 0;
  }

  private static String started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }

  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  @Override
  public String toString() {
    return "process " + pid + " of " + user + " on " + host + ", run " + runId + ", since " + since;
  }
}
