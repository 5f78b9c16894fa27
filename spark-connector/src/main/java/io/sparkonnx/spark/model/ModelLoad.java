package io.sparkonnx.spark.model;

import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One load of a model, on a thread of its own, so that whoever waits for it can leave. */
final class ModelLoad {
  private static final long POLL_MILLIS = 100;

  private final CompletableFuture<Model> result = new CompletableFuture<>();

  /**
   * Starts the load.
   *
   * @param sha256 hash of the model, which the thread's name shows
   * @param ended told of the model, or of null if the load failed, before those who wait
   */
  void start(String sha256, Supplier<Model> load, Consumer<Model> ended) {
    Thread thread = new Thread(() -> run(load, ended), "onnx-load-" + sha256);
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (Error e) {
      ended.accept(null);
      result.completeExceptionally(e);
    }
  }

  private void run(Supplier<Model> load, Consumer<Model> ended) {
    Model model = null;
    Throwable failure = null;
    try {
      model = load.get();
    } catch (Throwable e) {
      failure = e;
    }
    try {
      ended.accept(model);
    } catch (Throwable e) {
      failure = failure == null ? e : failure;
    }
    if (failure == null) {
      result.complete(model);
    } else {
      result.completeExceptionally(failure);
    }
  }

  /**
   * Waits for the model.
   *
   * @param cancelled true stops the waiting, not the load
   * @throws ExecutionException with what the load threw
   * @throws OnnxException CANCELLED
   */
  Model await(BooleanSupplier cancelled) throws ExecutionException {
    try {
      while (true) {
        try {
          return result.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          if (cancelled.getAsBoolean()) {
            throw new OnnxException(Code.CANCELLED, "stopped while the model is loaded", e);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OnnxException(Code.CANCELLED, "stopped while the model is loaded", e);
    }
  }
}
