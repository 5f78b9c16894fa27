package io.sparkonnx.spark.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.spark.plan.Sequences;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskState;
import org.apache.spark.executor.ExecutorMetrics;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionEnd;
import org.apache.spark.status.ElementTrackingStore;
import org.apache.spark.util.kvstore.InMemoryStore;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.Tuple4;

/** What the listener makes of the events of an application. */
class ModelListenerTest {
  private static final long ROWS = 101;
  private static final long BATCHES = 102;
  private static final long PEAK = 103;
  private static final long ERRORS = 104;

  private final SparkConf conf = new SparkConf(false);
  private final ElementTrackingStore store = new ElementTrackingStore(new InMemoryStore(), conf);
  private ModelListener listener = new ModelListener(conf, store, false);
  private long nextTask;

  private static ModelExecution execution(long node, long query) {
    return new ModelExecution(
        node,
        query,
        1_000,
        List.of(new ModelCall("onnx_predict", "m.onnx", "ab".repeat(32), "cpu")),
        List.of(),
        Map.of("numScoredRows", ROWS, "numBatches", BATCHES, "peakScratchBytes", PEAK),
        ERRORS);
  }

  private static AccumulableInfo update(long id, Object value) {
    return new AccumulableInfo(
        id, Option.empty(), Option.apply(value), Option.empty(), true, false, Option.empty());
  }

  private TaskInfo start(String executor) {
    TaskInfo task =
        new TaskInfo(nextTask++, 0, 0, 0, 2_000, executor, "host", TaskLocality.ANY(), false);
    listener.onTaskStart(new SparkListenerTaskStart(0, 0, task));
    return task;
  }

  private void heartbeat(TaskInfo task, AccumulableInfo... updates) {
    listener.onExecutorMetricsUpdate(
        new SparkListenerExecutorMetricsUpdate(
            task.executorId(),
            Sequences.of(
                Tuple4.apply(
                    (Object) task.taskId(),
                    (Object) 0,
                    (Object) 0,
                    Sequences.seq(List.of(updates)))),
            scala.collection.immutable.Map$.MODULE$.empty()));
  }

  private void end(TaskInfo task, boolean successful, AccumulableInfo... updates) {
    task.markFinished(successful ? TaskState.FINISHED() : TaskState.FAILED(), 3_000);
    task.setAccumulables(Sequences.seq(List.of(updates)));
    listener.onTaskEnd(new SparkListenerTaskEnd(0, 0, "", null, task, new ExecutorMetrics(), null));
  }

  private QueryUse query(long node) throws Exception {
    flush();
    return store.read(QueryUse.class, node);
  }

  private ApplicationUse application() throws Exception {
    flush();
    return store.read(ApplicationUse.class, ApplicationUse.KEY);
  }

  private void flush() {
    listener.flush();
  }

  @Test
  void tasksAreAddedUp() throws Exception {
    listener.onOtherEvent(execution(1, 7));
    end(start("1"), true, update(ROWS, 100L), update(BATCHES, 2L));
    end(start("2"), true, update(ROWS, 50L), update(BATCHES, 1L));
    assertThat(query(1).totals()).containsEntry("numScoredRows", 150L);
    assertThat(query(1).tasks()).isEqualTo(2);
    assertThat(application().executors()).extracting(ExecutorUse::rows).containsExactly(100L, 50L);
  }

  @Test
  void ofPeaksTheGreatestCounts() throws Exception {
    listener.onOtherEvent(execution(1, 7));
    end(start("1"), true, update(PEAK, 10L));
    end(start("1"), true, update(PEAK, 30L));
    end(start("1"), true, update(PEAK, 20L));
    assertThat(query(1).totals()).containsEntry("peakScratchBytes", 30L);
  }

  @Test
  void aTaskThatGoesOnCountsAsFarAsItIs() throws Exception {
    listener.onOtherEvent(execution(1, 7));
    TaskInfo task = start("1");
    heartbeat(task, update(ROWS, 40L));
    assertThat(query(1).totals()).containsEntry("numScoredRows", 40L);
    heartbeat(task, update(ROWS, 60L));
    assertThat(query(1).totals()).containsEntry("numScoredRows", 60L);
    end(task, true, update(ROWS, 100L));
    assertThat(query(1).totals()).containsEntry("numScoredRows", 100L);
  }

  @Test
  void whatAFailedTaskDidIsTakenBack() throws Exception {
    listener.onOtherEvent(execution(1, 7));
    TaskInfo first = start("1");
    heartbeat(first, update(ROWS, 40L));
    end(first, false, update(ROWS, 45L));
    end(start("1"), true, update(ROWS, 100L));
    assertThat(query(1).totals()).containsEntry("numScoredRows", 100L);
    assertThat(query(1).tasks()).isEqualTo(1);
    assertThat(application().totals()).containsEntry("numScoredRows", 100L);
  }

  @Test
  void valuesOfAnEventLogAreText() throws Exception {
    listener.onOtherEvent(execution(1, 7));
    end(start("1"), true, update(ROWS, "100"), update(ERRORS, "row 1\nrow 2"));
    assertThat(query(1).totals()).containsEntry("numScoredRows", 100L);
    assertThat(query(1).badRows()).containsExactly("row 1", "row 2");
  }

  @Test
  void metricsThatWereNotSetCountNothing() throws Exception {
    listener.onOtherEvent(execution(1, 7));
    end(start("1"), true, update(ROWS, 5L), update(PEAK, -1L));
    assertThat(query(1).totals()).containsEntry("peakScratchBytes", 0L);
  }

  @Test
  void aQueryThatEndedIsKeptAndNotFollowed() throws Exception {
    listener.onOtherEvent(execution(1, 7));
    end(start("1"), true, update(ROWS, 5L));
    listener.onOtherEvent(
        new SparkListenerSQLExecutionEnd(7, 4_000, Option.empty(), Option.empty()));
    end(start("1"), true, update(ROWS, 5L));
    assertThat(query(1).totals()).containsEntry("numScoredRows", 5L);
  }

  @Test
  void anExecutorThatLeftIsMarked() throws Exception {
    listener.onOtherEvent(execution(1, 7));
    end(start("1"), true, update(ROWS, 5L));
    end(start("2"), true, update(ROWS, 5L));
    listener.onExecutorRemoved(new SparkListenerExecutorRemoved(5_000, "1", "lost"));
    assertThat(application().executors())
        .extracting(ExecutorUse::gone)
        .containsExactly(true, false);
  }

  @Test
  void theOldestNodesAreDroppedWhereMoreThanSparkKeepsWereExecuted() throws Exception {
    conf.set("spark.sql.ui.retainedExecutions", "3");
    listener = new ModelListener(conf, store, false);
    for (int node = 1; node <= 5; node++) {
      listener.onOtherEvent(execution(node, node));
      end(start("1"), true, update(ROWS, 5L));
    }
    flush();
    List<Long> kept = new ArrayList<>();
    store.view(QueryUse.class).forEach(use -> kept.add(use.node()));
    assertThat(kept).containsExactly(3L, 4L, 5L);
    assertThat(application().totals()).containsEntry("numScoredRows", 25L);
  }
}
