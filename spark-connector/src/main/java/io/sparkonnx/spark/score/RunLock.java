package io.sparkonnx.spark.score;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The right to work on an output. While it is held, its file is written anew again and again, which
 * tells others that the holder lives.
 */
final class RunLock implements AutoCloseable {
  private static final Duration STALE_AFTER = Duration.ofMinutes(5);
  private static final int BEATS_BEFORE_STALE = 15;

  private final LockFile file;
  private final LockOwner owner;
  private final ScheduledExecutorService heart =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "spark-onnx-lock");
            thread.setDaemon(true);
            return thread;
          });
  private final ScheduledFuture<?> beats;

  private RunLock(LockFile file, LockOwner owner, Duration staleAfter) {
    this.file = file;
    this.owner = owner;
    long interval = staleAfter.toMillis() / BEATS_BEFORE_STALE;
    this.beats = heart.scheduleAtFixedRate(this::beat, interval, interval, TimeUnit.MILLISECONDS);
  }

  /**
   * Takes the lock of an output.
   *
   * @throws ScoreException LOCKED if somebody else has it
   */
  static RunLock acquire(RunStore store, String runId) throws IOException {
    return acquire(new LockFile(store.files(), store.lock()), LockOwner.self(runId), STALE_AFTER);
  }

  static RunLock acquire(LockFile file, LockOwner owner, Duration staleAfter) throws IOException {
    if (!file.create(owner.bytes())) {
      removeStale(file, owner, staleAfter);
      if (!file.create(owner.bytes())) {
        throw locked(file);
      }
    }
    return new RunLock(file, owner, staleAfter);
  }

  /**
   * Removes a lock whose holder is gone. The time is read after the content: if the file is taken
   * over in between, it is that of a lock that lives.
   */
  private static void removeStale(LockFile file, LockOwner owner, Duration staleAfter)
      throws IOException {
    byte[] content = file.read();
    Instant written = file.written();
    if (content == null || written == null) {
      return;
    }
    LockOwner holder = LockOwner.parse(content);
    boolean gone = holder != null && holder.gone();
    if (!gone && isFresh(written, staleAfter)) {
      throw locked(file);
    }
    LockFile right = file.with("." + (holder == null ? written.toEpochMilli() : holder.token()));
    if (!right.create(owner.bytes())) {
      Instant taken = right.written();
      if (taken != null && isFresh(taken, staleAfter)) {
        throw locked(file);
      }
      right.write(owner.bytes());
    }
    if (Arrays.equals(content, file.read()) && written.equals(file.written())) {
      file.delete();
    }
    right.delete();
  }

  private static boolean isFresh(Instant written, Duration staleAfter) {
    return Duration.between(written, Instant.now()).compareTo(staleAfter) < 0;
  }

  private static ScoreException locked(LockFile file) throws IOException {
    String holder =
        Optional.ofNullable(file.read())
            .map(LockOwner::parse)
            .map(LockOwner::toString)
            .orElse("another job");
    return new ScoreException(ScoreException.Code.LOCKED, holder + ", has the lock " + file);
  }

  /** A failure is not the end: the next beat comes long before the lock is stale. */
  private synchronized void beat() {
    try {
      if (isHeld()) {
        file.write(owner.bytes());
      }
    } catch (IOException e) {
      org.slf4j.LoggerFactory.getLogger(RunLock.class).warn("cannot write {}", file, e);
    }
  }

  private synchronized boolean isHeld() throws IOException {
    byte[] content = file.read();
    LockOwner holder = content == null ? null : LockOwner.parse(content);
    return holder != null && holder.token().equals(owner.token());
  }

  /**
   * Looks whether the lock is still there.
   *
   * @throws ScoreException LOCK_LOST if somebody has taken it over
   */
  void check() throws IOException {
    if (!isHeld()) {
      throw new ScoreException(
          ScoreException.Code.LOCK_LOST,
          "the lock " + file + " was taken over while the run went on; it was not published");
    }
  }

  @Override
  public void close() throws IOException {
    beats.cancel(false);
    heart.shutdown();
    try {
      heart.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (isHeld()) {
      file.delete();
    }
  }
}
