package io.sparkonnx.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.spark.plan.Sequences;
import io.sparkonnx.spark.ui.ModelCall;
import io.sparkonnx.spark.ui.ModelExecution;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskState;
import org.apache.spark.executor.ExecutorMetrics;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.Tuple4;

/** What is written while a job runs, by the events of an application and a clock. */
class ProgressTest {
  private static final long ROWS = 101;
  private static final int STAGE = 3;

  private final StringWriter written = new StringWriter();
  private long seconds;
  private long nextTask;

  private Progress progress(boolean terminal) {
    Progress progress =
        new Progress(new PrintWriter(written), terminal, () -> seconds * 1_000_000_000L);
    progress.onOtherEvent(
        new ModelExecution(
            1,
            7,
            1_000,
            List.of(new ModelCall("onnx_predict", "m.onnx", "ab".repeat(32), "cpu")),
            List.of(),
            Map.of("numScoredRows", ROWS),
            104));
    StageInfo stage =
        new StageInfo(
            STAGE,
            0,
            "stage",
            4,
            Sequences.seq(List.of()),
            Sequences.seq(List.of()),
            "",
            null,
            Sequences.seq(List.of()),
            Option.empty(),
            0,
            false,
            0);
    progress.onStageSubmitted(new SparkListenerStageSubmitted(stage, null));
    return progress;
  }

  private TaskInfo start(Progress progress) {
    TaskInfo task =
        new TaskInfo(nextTask++, 0, 0, 0, 2_000, "1", "host", TaskLocality.ANY(), false);
    progress.onTaskStart(new SparkListenerTaskStart(STAGE, 0, task));
    return task;
  }

  private static AccumulableInfo rows(long count) {
    return new AccumulableInfo(
        ROWS, Option.empty(), Option.apply(count), Option.empty(), true, false, Option.empty());
  }

  private static void heartbeat(Progress progress, TaskInfo task, long rows) {
    progress.onExecutorMetricsUpdate(
        new SparkListenerExecutorMetricsUpdate(
            task.executorId(),
            Sequences.of(
                Tuple4.apply(
                    (Object) task.taskId(), (Object) 0, (Object) 0, Sequences.of(rows(rows)))),
            scala.collection.immutable.Map$.MODULE$.empty()));
  }

  private static void end(Progress progress, TaskInfo task, boolean successful, long rows) {
    task.markFinished(successful ? TaskState.FINISHED() : TaskState.FAILED(), 3_000);
    task.setAccumulables(Sequences.of(rows(rows)));
    progress.onTaskEnd(
        new SparkListenerTaskEnd(STAGE, 0, "", null, task, new ExecutorMetrics(), null));
  }

  @Test
  void rowsOfTasksThatGoOnAreCountedAndTheTimeLeftIsNotGuessed() {
    Progress progress = progress(false);
    TaskInfo task = start(progress);
    seconds = 10;
    heartbeat(progress, task, 5_000);
    assertThat(written).hasToString("5,000 rows, 500 rows/s" + System.lineSeparator());
  }

  @Test
  void theTimeLeftFollowsFromTheTasksThatEnded() {
    Progress progress = progress(false);
    TaskInfo first = start(progress);
    seconds = 10;
    end(progress, first, true, 1_000);
    assertThat(written).hasToString("1,000 rows, 100 rows/s, 30 s left" + System.lineSeparator());
  }

  @Test
  void whatAFailedTaskDidIsNotCounted() {
    Progress progress = progress(false);
    TaskInfo first = start(progress);
    TaskInfo second = start(progress);
    heartbeat(progress, first, 700);
    end(progress, first, false, 800);
    seconds = 10;
    end(progress, second, true, 1_000);
    assertThat(written.toString()).startsWith("1,000 rows, ");
  }

  @Test
  void linesComeEveryTwoSeconds() {
    Progress progress = progress(false);
    TaskInfo task = start(progress);
    for (seconds = 1; seconds <= 6; seconds++) {
      heartbeat(progress, task, 10 * seconds);
    }
    assertThat(written.toString().lines()).hasSize(3);
  }

  @Test
  void aTerminalKeepsOneLineAndIsLeftClean() {
    Progress progress = progress(true);
    TaskInfo task = start(progress);
    seconds = 1;
    heartbeat(progress, task, 1_000);
    seconds = 100;
    heartbeat(progress, task, 1_001);
    progress.close();
    assertThat(written)
        .hasToString(
            "\r1,000 rows, 1,000 rows/s"
                + "\r1,001 rows, 10 rows/s   "
                + "\r"
                + " ".repeat(21)
                + "\r");
  }

  @Test
  void nothingIsWrittenBeforeARowIsScored() {
    Progress progress = progress(true);
    TaskInfo task = start(progress);
    seconds = 10;
    heartbeat(progress, task, 0);
    progress.close();
    assertThat(written.toString()).isEmpty();
  }
}
