package io.sparkonnx.spark.model;

import io.sparkonnx.engine.Model;

/** A compiled model on loan: it stays loaded until the lease is closed. */
public interface ModelLease extends AutoCloseable {
  Model model();

  /** Has an action run when the model is dropped, which is after the lease was closed. */
  void whenDropped(Runnable action);

  @Override
  void close();
}
