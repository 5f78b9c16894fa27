package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.Session;
import io.sparkonnx.spark.model.ModelForm;
import io.sparkonnx.spark.model.ModelLease;
import io.sparkonnx.spark.model.ShippedModel;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.execution.metric.SQLMetric;

/** A model on loan to a task, and the task's session with it. */
record LentModel(ModelLease lease, Session session) implements AutoCloseable {
  /**
   * Loads the model where no other task has done so, its weights within Spark's memory.
   *
   * @param threads threads of the session
   * @param load told how long it took
   * @throws CallException where that fails; nothing is held then
   */
  static LentModel open(
      ShippedModel model,
      ModelForm form,
      int threads,
      TaskContext task,
      SQLMetric load,
      CallErrors errors) {
    long start = System.nanoTime();
    try {
      return open(model.lease(form, task::isInterrupted), model, threads);
    } catch (OnnxException e) {
      throw errors.failure(e);
    } finally {
      load.add(System.nanoTime() - start);
    }
  }

  private static LentModel open(ModelLease lease, ShippedModel model, int threads) {
    try {
      WeightMemory.hold(lease, model);
      return new LentModel(lease, lease.model().newSession(threads));
    } catch (RuntimeException | Error e) {
      lease.close();
      throw e;
    }
  }

  @Override
  public void close() {
    session.close();
    lease.close();
  }
}
