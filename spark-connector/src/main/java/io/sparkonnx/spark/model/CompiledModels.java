package io.sparkonnx.spark.model;

import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import java.lang.ref.SoftReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The models of this JVM, one per hash. Threads that ask for a model which is being loaded wait for
 * it; a load that fails leaves nothing behind. A model that no task uses stays until memory is
 * short.
 */
public final class CompiledModels {
  private static final ConcurrentMap<String, Slot> SLOTS = new ConcurrentHashMap<>();
  private static final AtomicLong LOADS = new AtomicLong();
  private static final long POLL_MILLIS = 100;

  private static final class Slot {
    final ReentrantLock lock = new ReentrantLock();
    volatile SoftReference<Model> model = new SoftReference<>(null);
  }

  private CompiledModels() {}

  /** Loads that this JVM has done. */
  public static long loads() {
    return LOADS.get();
  }

  /**
   * The model with this hash, loaded if need be.
   *
   * @param bytes asked for only when the model is not there
   * @param cancelled asked while another thread loads; true stops the waiting
   * @throws OnnxException if it cannot be loaded, or CANCELLED
   */
  static Model get(ModelReference reference, Supplier<byte[]> bytes, BooleanSupplier cancelled) {
    Slot slot = SLOTS.computeIfAbsent(reference.sha256(), sha256 -> new Slot());
    Model ready = slot.model.get();
    if (ready != null) {
      return ready;
    }
    lock(slot.lock, cancelled);
    try {
      Model model = slot.model.get();
      if (model == null) {
        model = Model.load(bytes.get(), LoadOptions.DEFAULT);
        LOADS.incrementAndGet();
        slot.model = new SoftReference<>(model);
      }
      return model;
    } finally {
      slot.lock.unlock();
    }
  }

  private static void lock(ReentrantLock lock, BooleanSupplier cancelled) {
    try {
      while (!lock.tryLock(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        if (cancelled.getAsBoolean()) {
          throw new OnnxException(Code.CANCELLED, "stopped while another task loads the model");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OnnxException(Code.CANCELLED, "stopped while another task loads the model", e);
    }
  }
}
