package io.sparkonnx.spark.model;

import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiled models, each loaded once and lent to whoever asks. Models on loan stay, and so does the
 * one used last, however large; of the other ones those used longest ago are closed until all fit
 * into the limit.
 */
final class ModelCache {
  private static final Logger LOG = LoggerFactory.getLogger(ModelCache.class);
  private static final long POLL_MILLIS = 100;

  /** What a model takes besides its weights, about. */
  private static final long PLAN_BYTES = 64 << 10;

  /**
   * What a compiled model is made of.
   *
   * @param sha256 hash of the model
   * @param form how it is compiled
   */
  record Key(String sha256, ModelForm form) {}

  /** A model that is loaded or being loaded; users are those who have it or wait for it. */
  private static final class Slot {
    final ReentrantLock loading = new ReentrantLock();
    Model model;
    long bytes;
    int users;
  }

  /** A model on loan, to be given back once. */
  final class Lease implements ModelLease {
    private final Key key;
    private final Model model;
    private boolean closed;

    private Lease(Key key, Model model) {
      this.key = key;
      this.model = model;
    }

    @Override
    public Model model() {
      return model;
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        release(key);
      }
    }
  }

  private final LongSupplier maxBytes;

  /** From the one used longest ago to the last one. */
  private final Map<Key, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);

  private long loads;
  private long evictions;

  ModelCache(LongSupplier maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * A model, loaded if need be. Threads that ask for one that is being loaded wait; if the load
   * fails, the next of them tries.
   *
   * @param load asked only when the model is not there
   * @param cancelled asked while another thread loads; true stops the waiting
   * @throws OnnxException what the load throws, or CANCELLED
   */
  ModelLease acquire(Key key, Supplier<Model> load, BooleanSupplier cancelled) {
    Slot slot;
    synchronized (this) {
      slot = slots.computeIfAbsent(key, k -> new Slot());
      slot.users++;
      if (slot.model != null) {
        return new Lease(key, slot.model);
      }
    }
    Lease lease = null;
    try {
      lock(slot.loading, cancelled);
      try {
        lease = new Lease(key, loaded(key, slot, load));
      } finally {
        slot.loading.unlock();
      }
      return lease;
    } finally {
      if (lease == null) {
        release(key);
      }
    }
  }

  private Model loaded(Key key, Slot slot, Supplier<Model> load) {
    if (slot.model != null) {
      return slot.model;
    }
    Model model = load.get();
    Map<Key, Model> evicted;
    CacheReport report;
    synchronized (this) {
      slot.model = model;
      slot.bytes = model.weightBytes() + PLAN_BYTES;
      loads++;
      evicted = evictIdle();
      report = report();
    }
    LOG.info("Loaded model {}; {}", key.sha256(), report);
    close(evicted);
    return model;
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

  private void release(Key key) {
    Map<Key, Model> evicted;
    synchronized (this) {
      Slot slot = slots.get(key);
      slot.users--;
      if (slot.users == 0 && slot.model == null) {
        slots.remove(key);
      }
      evicted = evictIdle();
    }
    close(evicted);
  }

  /** Takes idle models out until the rest fits or is the one used last. */
  private Map<Key, Model> evictIdle() {
    Map<Key, Model> evicted = new HashMap<>();
    long held = heldBytes();
    long limit = maxBytes.getAsLong();
    int older = slots.size() - 1;
    Iterator<Map.Entry<Key, Slot>> oldest = slots.entrySet().iterator();
    while (held > limit && older-- > 0) {
      Map.Entry<Key, Slot> entry = oldest.next();
      Slot slot = entry.getValue();
      if (slot.users == 0) {
        held -= slot.bytes;
        evicted.put(entry.getKey(), slot.model);
        oldest.remove();
        evictions++;
      }
    }
    return evicted;
  }

  private static void close(Map<Key, Model> evicted) {
    evicted.forEach(
        (key, model) -> {
          model.close();
          LOG.info("Dropped model {}, which no task uses", key.sha256());
        });
  }

  private long heldBytes() {
    return slots.values().stream().mapToLong(slot -> slot.bytes).sum();
  }

  /** What is held now. */
  synchronized CacheReport report() {
    List<CacheReport.Held> held =
        slots.entrySet().stream()
            .filter(entry -> entry.getValue().model != null)
            .map(
                entry ->
                    new CacheReport.Held(
                        entry.getKey().sha256(),
                        entry.getKey().form(),
                        entry.getValue().bytes,
                        entry.getValue().users))
            .toList();
    return new CacheReport(held, heldBytes(), maxBytes.getAsLong(), loads, evictions);
  }
}
