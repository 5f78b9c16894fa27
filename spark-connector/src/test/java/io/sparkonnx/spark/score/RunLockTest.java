package io.sparkonnx.spark.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  @TempDir Path folder;
  private Path path;
  private LockFile file;

  @BeforeEach
  void noLock() throws Exception {
    path = folder.resolve("runs/lock");
    file =
        new LockFile(
            FileSystem.getLocal(new Configuration()),
            new org.apache.hadoop.fs.Path(path.toString()));
  }

  private RunLock acquire(Duration staleAfter) throws Exception {
    return RunLock.acquire(file, LockOwner.self("r"), staleAfter);
  }

  /** The lock of a process that this machine does not know. */
  private void heldElsewhere(Instant written) throws Exception {
    LockOwner other =
        new LockOwner("token", "elsewhere", 1, "", "ann", "nightly", "2026-11-01T00:00:00Z");
    Files.createDirectories(path.getParent());
    Files.write(path, other.bytes());
    Files.setLastModifiedTime(path, FileTime.from(written));
  }

  @Test
  void aLockThatIsHeldIsRefusedWithItsOwner() throws Exception {
    heldElsewhere(Instant.now());
    assertThatThrownBy(() -> acquire(LONG))
        .isInstanceOf(ScoreException.class)
        .hasMessageStartingWith(
            "process 1 of ann on elsewhere, run nightly, since 2026-11-01T00:00:00Z, has the lock ")
        .extracting(e -> ((ScoreException) e).status())
        .isEqualTo(ExitStatus.LOCKED);
  }

  @Test
  void aLockThatThisProcessHoldsIsRefused() throws Exception {
    try (RunLock held = acquire(LONG)) {
      held.check();
      assertThatThrownBy(() -> acquire(LONG)).isInstanceOf(ScoreException.class);
    }
  }

  @Test
  void aClosedLockLeavesNoFile() throws Exception {
    acquire(LONG).close();
    assertThat(path.getParent()).isEmptyDirectory();
  }

  @Test
  void aLockThatNobodyWritesAnyMoreIsTakenOver() throws Exception {
    heldElsewhere(Instant.now().minus(LONG));
    try (RunLock held = acquire(LONG)) {
      held.check();
    }
    assertThat(path.getParent()).isEmptyDirectory();
  }

  @Test
  void aLockOfAProcessOfThisMachineThatIsGoneIsTakenOverAtOnce() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    LockOwner self = LockOwner.self("r");
    LockOwner gone =
        new LockOwner("token", self.host(), ended.pid(), self.process(), "ann", "r", self.since());
    Files.createDirectories(path.getParent());
    Files.write(path, gone.bytes());
    acquire(LONG).close();
  }

  @Test
  void aLockOfAnEarlierProcessOfTheSameNumberIsTakenOverAtOnce() throws Exception {
    LockOwner self = LockOwner.self("r");
    LockOwner earlier =
        new LockOwner(
            "token", self.host(), self.pid(), "2020-01-01T00:00:00Z", "ann", "r", self.since());
    Files.createDirectories(path.getParent());
    Files.write(path, earlier.bytes());
    acquire(LONG).close();
  }

  @Test
  void aLockThatIsBeingWrittenIsHeld() throws Exception {
    Files.createDirectories(path.getParent());
    Files.writeString(path, "{\"tok", StandardCharsets.UTF_8);
    assertThatThrownBy(() -> acquire(LONG))
        .isInstanceOf(ScoreException.class)
        .hasMessageStartingWith("another job, has the lock ");
  }

  @Test
  void aHeldLockIsWrittenAnew() throws Exception {
    try (RunLock held = acquire(Duration.ofMillis(1500))) {
      Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(60)));
      Thread.sleep(1000);
      assertThat(Files.getLastModifiedTime(path).toInstant())
          .isAfter(Instant.now().minusSeconds(30));
      held.check();
    }
  }

  @Test
  void whoeverLostTheLockStopsAndLeavesItToItsNewHolder() throws Exception {
    try (RunLock lost = acquire(LONG)) {
      heldElsewhere(Instant.now());
      assertThatThrownBy(lost::check)
          .isInstanceOf(ScoreException.class)
          .hasMessageContaining("was taken over while the run went on")
          .extracting(e -> ((ScoreException) e).code())
          .isEqualTo(ScoreException.Code.LOCK_LOST);
    }
    assertThat(path).exists();
  }

  @Test
  void ofManyThatFindAStaleLockOneTakesItOver() throws Exception {
    int many = 8;
    ExecutorService threads = Executors.newFixedThreadPool(many);
    try {
      for (int round = 0; round < 50; round++) {
        heldElsewhere(Instant.now().minus(LONG));
        CyclicBarrier start = new CyclicBarrier(many);
        List<Callable<RunLock>> contenders = new ArrayList<>();
        for (int i = 0; i < many; i++) {
          contenders.add(
              () -> {
                start.await();
                try {
                  return acquire(LONG);
                } catch (ScoreException e) {
                  return null;
                }
              });
        }
        List<RunLock> winners = new ArrayList<>();
        for (Future<RunLock> contender : threads.invokeAll(contenders)) {
          if (contender.get() != null) {
            winners.add(contender.get());
          }
        }
        assertThat(winners).as("round %d", round).hasSize(1);
        winners.get(0).check();
        winners.get(0).close();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
