package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.plan.Buffer;
import io.sparkonnx.engine.plan.MemoryPlan;
import io.sparkonnx.engine.plan.Plan;
import io.sparkonnx.engine.plan.PlanStep;
import io.sparkonnx.engine.plan.Slot;
import io.sparkonnx.engine.tensor.ElementType.Storage;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/** The slabs of one session and the frames laid out in them. */
final class Workspace {
  /** Bindings whose frames are kept; the least recently used goes first. */
  private static final int FRAMES = 8;

  private static final Storage[] STORAGES = Storage.values();

  private final Plan plan;
  private final boolean movesViews;
  private final SettledShapes shapes;
  private final Object[] slabs = new Object[STORAGES.length];
  private final int[] slabElements = new int[slabs.length];
  private final Map<Binding, MemoryPlan> plans = lru();
  private final Map<Binding, Frame> frames = lru();

  /**
   * @param movesViews whether a block's views of inputs and results become the next block's; not
   *     where a device may still write to them then
   */
  Workspace(Plan plan, boolean movesViews) {
    this.plan = plan;
    this.movesViews = movesViews;
    this.shapes = new SettledShapes(plan);
    for (Storage storage : STORAGES) {
      slabs[storage.ordinal()] = storage == Storage.STRING ? null : allocate(storage, 0);
    }
  }

  private static <V> Map<Binding, V> lru() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<Binding, V> eldest) {
        return size() > FRAMES;
      }
    };
  }

  /** Where the buffers lie under {@code binding}. */
  MemoryPlan layOut(Binding binding) {
    return plans.computeIfAbsent(binding, key -> MemoryPlan.solve(plan.buffers(), key));
  }

  /**
   * The frame for {@code binding}, its slabs large enough.
   *
   * @param admit told the bytes of all slabs before they grow
   */
  Frame frame(Binding binding, LongConsumer admit) {
    MemoryPlan memory = layOut(binding);
    admit.accept(bytesWith(memory));
    grow(memory);
    return frames.computeIfAbsent(binding, key -> build(key, memory));
  }

  private void grow(MemoryPlan memory) {
    for (Storage storage : STORAGES) {
      int slab = storage.ordinal();
      if (memory.slabElements()[slab] > slabElements[slab]) {
        frames.clear();
        slabs[slab] = null;
        slabElements[slab] = 0;
        slabs[slab] = allocate(storage, memory.slabElements()[slab]);
        slabElements[slab] = memory.slabElements()[slab];
      }
    }
  }

  private static Object allocate(Storage storage, int elements) {
    return switch (storage) {
      case FLOAT -> new float[elements];
      case DOUBLE -> new double[elements];
      case INT -> new int[elements];
      case LONG -> new long[elements];
      case SHORT -> new short[elements];
      case BYTE -> new byte[elements];
      case STRING -> throw new IllegalStateException("strings are not planned");
    };
  }

  private Frame build(Binding binding, MemoryPlan memory) {
    OnnxValue[] values = new OnnxValue[plan.slots().size()];
    for (Slot slot : plan.slots()) {
      if (slot.place() == Slot.Place.CONSTANT) {
        values[slot.index()] = slot.constant();
      } else if (slot.place() == Slot.Place.ARENA) {
        Buffer buffer = plan.buffers().get(slot.buffer());
        values[slot.index()] =
            Tensor.wrap(
                slot.info().element(),
                slabs[buffer.storage().ordinal()],
                memory.offsets()[slot.buffer()],
                slot.info().shape().evaluate(binding));
      }
    }
    int[][] viewDims = new int[values.length][];
    for (PlanStep step : plan.steps()) {
      if (shapes.viewedBy(step) >= 0) {
        int slot = step.outputs()[0];
        viewDims[slot] = plan.slots().get(slot).info().shape().evaluate(binding);
      }
    }
    return new Frame(values, viewDims, plan.steps().size(), movesViews);
  }

  long bytes() {
    long bytes = 0;
    for (Storage storage : STORAGES) {
      bytes += (long) slabElements[storage.ordinal()] * storage.bytes();
    }
    return bytes;
  }

  /** {@link #bytes} when a frame has its place too. */
  private long bytesWith(MemoryPlan memory) {
    int[] needed = memory.slabElements();
    long bytes = 0;
    for (Storage storage : STORAGES) {
      int slab = storage.ordinal();
      bytes += (long) Math.max(slabElements[slab], needed[slab]) * storage.bytes();
    }
    return bytes;
  }
}
