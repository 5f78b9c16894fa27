package io.sparkonnx.spark.model;

import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.OnnxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
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

  /** What a model takes besides its weights, about. */
  static final long PLAN_BYTES = 64 << 10;

  /**
   * What a compiled model is made of.
   *
   * @param sha256 hash of the model
   * @param form how it is compiled
   */
  record Key(String sha256, ModelForm form) {}

  /** A model that is loaded or being loaded; users are those who have it or wait for it. */
  private static final class Slot {
    /** The load that is going on, or null. */
    ModelLoad load;

    Model model;
    long bytes;
    int users;
    final List<Runnable> whenDropped = new ArrayList<>();
  }

  /** A model on loan, to be given back once. */
  final class Lease implements ModelLease {
    private final Key key;
    private final Slot slot;
    private final Model model;
    private boolean closed;

    private Lease(Key key, Slot slot, Model model) {
      this.key = key;
      this.slot = slot;
      this.model = model;
    }

    @Override
    public Model model() {
      return model;
    }

    @Override
    public synchronized void whenDropped(Runnable action) {
      if (closed) {
        throw new IllegalStateException("the lease is closed");
      }
      synchronized (ModelCache.this) {
        slot.whenDropped.add(action);
      }
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

  /** Models that were taken out and are being closed. */
  private final Set<Slot> dropping = Collections.newSetFromMap(new IdentityHashMap<>());

  private long loads;
  private long evictions;

  ModelCache(LongSupplier maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * A model, loaded if need be. A load has a thread of its own: whoever waits for it can leave,
   * also the one who asked first, and the load goes on for the others. If it fails, the one who
   * asked first is told so and the next one tries.
   *
   * @param load asked only when the model is not there
   * @param cancelled asked while the model is loaded; true stops the waiting
   * @throws OnnxException what the load throws, or CANCELLED
   */
  ModelLease acquire(Key key, Supplier<Model> load, BooleanSupplier cancelled) {
    Slot slot;
    synchronized (this) {
      slot = slots.computeIfAbsent(key, k -> new Slot());
      slot.users++;
    }
    Lease lease = null;
    try {
      lease = new Lease(key, slot, model(key, slot, load, cancelled));
      return lease;
    } finally {
      if (lease == null) {
        release(key);
      }
    }
  }

  private Model model(Key key, Slot slot, Supplier<Model> load, BooleanSupplier cancelled) {
    while (true) {
      ModelLoad going;
      boolean first;
      synchronized (this) {
        if (slot.model != null) {
          return slot.model;
        }
        first = slot.load == null;
        if (first) {
          slot.load = new ModelLoad();
        }
        going = slot.load;
      }
      if (first) {
        going.start(key.sha256(), load, model -> ended(key, slot, model));
      }
      try {
        return going.await(cancelled);
      } catch (ExecutionException e) {
        if (first) {
          throw unchecked(e.getCause());
        }
      }
    }
  }

  private static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException e
        ? e
        : new IllegalStateException("the model cannot be loaded", failure);
  }

  /**
   * Ends a load.
   *
   * @param model null if it failed
   */
  private void ended(Key key, Slot slot, Model model) {
    Map<Key, Slot> evicted;
    CacheReport report;
    synchronized (this) {
      slot.load = null;
      if (model != null) {
        slot.model = model;
        slot.bytes = model.weightBytes() + PLAN_BYTES;
        loads++;
      } else if (slot.users == 0) {
        slots.remove(key);
      }
      evicted = evictIdle();
      report = report();
    }
    if (model != null) {
      LOG.info("Loaded model {}; {}", key.sha256(), report);
    }
    drop(evicted, report);
  }

  private void release(Key key) {
    Map<Key, Slot> evicted;
    CacheReport report;
    synchronized (this) {
      Slot slot = slots.get(key);
      slot.users--;
      if (slot.users == 0 && slot.model == null && slot.load == null) {
        slots.remove(key);
      }
      evicted = evictIdle();
      report = evicted.isEmpty() ? null : report();
    }
    drop(evicted, report);
  }

  /**
   * Drops those of some models that nobody has, and waits until those that other threads drop are
   * gone too.
   */
  void dropIdle(Predicate<Model> which) throws InterruptedException {
    Map<Key, Slot> dropped = new HashMap<>();
    List<Slot> others;
    CacheReport report;
    synchronized (this) {
      others = List.copyOf(dropping);
      slots.forEach(
          (key, slot) -> {
            if (slot.users == 0 && slot.model != null && which.test(slot.model)) {
              dropped.put(key, slot);
            }
          });
      slots.keySet().removeAll(dropped.keySet());
      dropping.addAll(dropped.values());
      evictions += dropped.size();
      report = report();
    }
    drop(dropped, report);
    synchronized (this) {
      while (others.stream().anyMatch(dropping::contains)) {
        wait();
      }
    }
  }

  /** Takes idle models out until the rest fits or is the one used last. */
  private Map<Key, Slot> evictIdle() {
    Map<Key, Slot> evicted = new HashMap<>();
    long held = heldBytes();
    long limit = maxBytes.getAsLong();
    int older = slots.size() - 1;
    Iterator<Map.Entry<Key, Slot>> oldest = slots.entrySet().iterator();
    while (held > limit && older-- > 0) {
      Map.Entry<Key, Slot> entry = oldest.next();
      Slot slot = entry.getValue();
      if (slot.users == 0 && slot.model != null) {
        held -= slot.bytes;
        evicted.put(entry.getKey(), slot);
        oldest.remove();
        dropping.add(slot);
        evictions++;
      }
    }
    return evicted;
  }

  /**
   * @param report what the cache holds without them
   */
  private void drop(Map<Key, Slot> evicted, CacheReport report) {
    try {
      evicted.forEach(
          (key, slot) -> {
            slot.model.close();
            slot.whenDropped.forEach(Runnable::run);
            LOG.info(
                "Dropped model {} of {} bytes, which no task uses; {}",
                key.sha256(),
                slot.bytes,
                report);
          });
    } finally {
      synchronized (this) {
        dropping.removeAll(evicted.values());
        notifyAll();
      }
    }
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
