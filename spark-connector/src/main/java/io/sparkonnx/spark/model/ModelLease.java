package io.sparkonnx.spark.model;

import io.sparkonnx.engine.Model;

/** A compiled model on loan: it stays loaded until the lease is closed. */
public interface ModelLease extends AutoCloseable {
  Model model();

  @Override
  void close();
}
