package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.DeviceUse;
import io.sparkonnx.engine.device.DeviceBuffer;
import io.sparkonnx.engine.device.DeviceQueue;
import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.plan.Plan;
import io.sparkonnx.engine.plan.Slot;
import io.sparkonnx.engine.tensor.ElementType.Storage;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The values of a session on its device. A slab of a type that steps there use has a mirror with
 * the same offsets; inputs, results and dynamic values have buffers of their own, which grow. Says
 * for each place on which sides it is valid; a value crosses when the other side reads it.
 *
 * <p>While the device computes a block, the inputs of the next are brought there and the results of
 * the one before come back: what is not in the slab has two buffers, and blocks take turns.
 */
final class DeviceValues implements AutoCloseable {
  private static final int SETS = 2;
  private static final int SCRATCH = -1;
  private static final int NUMBERS = -2;

  /** Less the number of the slab's storage. */
  private static final int SLAB = -3;

  /** Results of a block that is computed, which are still on the device. */
  private record Results(DeviceQueue.Mark computed, List<Result> results) {}

  /** Where a result is, and where it goes. */
  private record Result(DeviceBuffer from, Tensor to) {}

  private final Plan plan;
  private final DeviceWeights weights;
  private final Set<Storage> mirrored;
  private final DeviceQueue queue;
  private final Map<Integer, DeviceBuffer> buffers = new HashMap<>();
  private final Numbers numbers = new Numbers();
  private final BitSet onDevice = new BitSet();
  private final BitSet onHost = new BitSet();
  private Results pending;
  private int set;
  private long uploads;
  private long downloads;

  /**
   * @param mirrored which slabs are there
   */
  DeviceValues(Plan plan, DeviceWeights weights, Set<Storage> mirrored) {
    this.plan = plan;
    this.weights = weights;
    this.mirrored = mirrored;
    this.queue = weights.target().device().newQueue(weights.target().commandLimit());
  }

  DeviceQueue queue() {
    return queue;
  }

  /** What crossed, and how long the device worked. */
  DeviceUse use() {
    return new DeviceUse(null, 0, 0, uploads, downloads, queue.times());
  }

  /**
   * Starts a block: all that is there is on the host.
   *
   * @param block its number in the run; blocks with odd and even numbers have buffers of their own
   * @param slabElements elements of the host's slabs, by the number of their storage
   */
  void begin(int block, int[] slabElements) {
    set = block % SETS;
    onDevice.clear();
    onHost.set(0, plan.slots().size() + plan.buffers().size());
    for (Storage storage : mirrored) {
      buffer(SLAB - storage.ordinal(), slabElements[storage.ordinal()], storage);
    }
  }

  private DeviceBuffer buffer(int key, int elements, Storage storage) {
    DeviceBuffer known = buffers.get(key);
    long bytes = (long) storage.bytes() * elements;
    if (known == null || known.bytes() < bytes) {
      if (known != null) {
        queue.finish();
        buffers.remove(key).close();
      }
      known = queue.allocate(bytes);
      buffers.put(key, known);
    }
    return known;
  }

  /** Values that share memory share a place. */
  private int place(Slot slot) {
    return slot.place() == Slot.Place.ARENA ? plan.slots().size() + slot.buffer() : slot.index();
  }

  private DeviceArray array(Slot slot, Tensor value) {
    Storage storage = value.type().storage();
    return slot.place() == Slot.Place.ARENA
        ? new DeviceArray(buffers.get(SLAB - storage.ordinal()), value.offset())
        : new DeviceArray(buffer(slot.index() * SETS + set, value.size(), storage), 0);
  }

  /** A value to read on the device. */
  DeviceArray read(Slot slot, Tensor value) {
    if (slot.place() == Slot.Place.CONSTANT) {
      return weights.get(slot.index(), value, queue);
    }
    DeviceArray array = array(slot, value);
    if (!onDevice.get(place(slot))) {
      upload(slot, array, value);
      onDevice.set(place(slot));
      uploads++;
    }
    return array;
  }

  /** The slab is in use by the block before; a buffer of this block's is not yet. */
  private void upload(Slot slot, DeviceArray array, Tensor value) {
    if (slot.place() == Slot.Place.ARENA) {
      queue.write(array.buffer(), array.offset(), value.array(), value.offset(), value.size());
    } else {
      queue.writeBeside(array.buffer(), value.array(), value.offset(), value.size());
    }
  }

  /** Where the device writes a value. */
  DeviceArray write(Slot slot, Tensor value) {
    return array(slot, value);
  }

  /** The device has written a value. */
  void written(Slot slot) {
    onDevice.set(place(slot));
    onHost.clear(place(slot));
  }

  /** Whether the host has a value. */
  boolean isOnHost(Slot slot) {
    return onHost.get(place(slot));
  }

  /** Brings a value to the host if it is on the device alone. */
  void toHost(Slot slot, OnnxValue value) {
    if (!isOnHost(slot) && value instanceof Tensor tensor) {
      DeviceArray array = array(slot, tensor);
      queue.read(array.buffer(), array.offset(), tensor.array(), tensor.offset(), tensor.size());
      onHost.set(place(slot));
      downloads++;
    }
  }

  /**
   * Ends a block. Results that lie in buffers of their own stay on the device, which computes on
   * while those of the block before are brought.
   *
   * @param last whether no block follows, so that nothing stays
   */
  void end(int[] outputs, OnnxValue[] values, boolean last) {
    List<Result> results = new ArrayList<>();
    for (int output : outputs) {
      Slot slot = plan.slots().get(output);
      if (slot.place() != Slot.Place.RESULT) {
        toHost(slot, values[output]);
      } else if (!last && !onHost.get(place(slot))) {
        Tensor value = (Tensor) values[output];
        results.add(new Result(array(slot, value).buffer(), value));
        onHost.set(place(slot));
      }
    }
    Results stay = last ? null : new Results(queue.mark(), results);
    bringResults();
    pending = stay;
    for (int output : outputs) {
      toHost(plan.slots().get(output), values[output]);
    }
  }

  /** Brings the results of the block before to the host. */
  private void bringResults() {
    if (pending == null) {
      return;
    }
    queue.await(pending.computed());
    for (Result result : pending.results()) {
      Tensor to = result.to();
      queue.readBeside(result.from(), to.array(), to.offset(), to.size());
      downloads++;
    }
    pending = null;
  }

  /** The host has written a value. */
  void writtenOnHost(Slot slot) {
    onHost.set(place(slot));
    onDevice.clear(place(slot));
  }

  DeviceArray scratch(int elements) {
    return new DeviceArray(buffer(SCRATCH, elements, Storage.FLOAT), 0);
  }

  DeviceArray number(float value) {
    DeviceBuffer buffer = buffer(NUMBERS, Numbers.COUNT, Storage.FLOAT);
    int known = numbers.find(value);
    if (known >= 0) {
      return new DeviceArray(buffer, known);
    }
    int place = numbers.add(value);
    queue.write(buffer, place, new float[] {value}, 0, 1);
    return new DeviceArray(buffer, place);
  }

  /** Frees all memory, once the work on it has ended. */
  void release() {
    queue.finish();
    freeBuffers();
  }

  private void freeBuffers() {
    buffers.values().forEach(DeviceBuffer::close);
    buffers.clear();
    numbers.clear();
  }

  @Override
  public void close() {
    queue.close();
    freeBuffers();
  }

  /** The numbers that steps asked for last, each with a place; the oldest gives way. */
  static final class Numbers {
    /** More than one step asks for. */
    static final int COUNT = 64;

    private final int[] bits = new int[COUNT];
    private int added;

    int find(float value) {
      for (int place = 0; place < Math.min(added, COUNT); place++) {
        if (bits[place] == Float.floatToRawIntBits(value)) {
          return place;
        }
      }
      return -1;
    }

    int add(float value) {
      int place = added++ % COUNT;
      bits[place] = Float.floatToRawIntBits(value);
      return place;
    }

    void clear() {
      added = 0;
    }
  }
}
