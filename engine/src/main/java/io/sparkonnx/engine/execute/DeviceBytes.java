package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.plan.MemoryPlan;
import io.sparkonnx.engine.plan.Plan;
import io.sparkonnx.engine.plan.PlanStep;
import io.sparkonnx.engine.plan.Slot;
import io.sparkonnx.engine.tensor.ElementType.Storage;
import io.sparkonnx.engine.type.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** How many bytes of its device a plan takes, as {@link DeviceValues} allocates them. */
final class DeviceBytes {
  private final Set<Storage> mirrored = EnumSet.of(Storage.FLOAT);
  private final List<Slot> apart = new ArrayList<>();
  private final List<Dim> scratch;
  private final Set<Integer> halves;
  private final long weightBytes;

  /**
   * @param halves slots of constants that are held as float16
   */
  DeviceBytes(Plan plan, Set<Integer> halves) {
    this.halves = halves;
    List<PlanStep> steps = plan.steps().stream().filter(step -> step.deviceStep() != null).toList();
    long constants = 0;
    for (Slot slot : touched(plan, steps)) {
      switch (slot.place()) {
        case CONSTANT -> constants += bytes(slot.constant().size(), weightStorage(slot));
        case ARENA -> mirrored.add(storage(slot));
        default -> apart.add(slot);
      }
    }
    scratch =
        steps.stream()
            .map(step -> step.deviceStep().scratch())
            .filter(elements -> !elements.equals(Dim.ZERO))
            .toList();
    weightBytes =
        constants
            + steps.stream()
                .mapToLong(step -> step.deviceStep().keptElements())
                .filter(elements -> elements > 0)
                .map(elements -> bytes(elements, Storage.FLOAT))
                .sum();
  }

  /** What the steps of the device read and write there. */
  private static Set<Slot> touched(Plan plan, List<PlanStep> steps) {
    Set<Integer> touched = new LinkedHashSet<>();
    for (PlanStep step : steps) {
      for (int input = 0; input < step.inputs().length; input++) {
        if (!step.node().operator().readsOnHost(input)) {
          touched.add(step.inputs()[input]);
        }
      }
      Arrays.stream(step.outputs()).forEach(touched::add);
    }
    touched.remove(-1);
    return touched.stream()
        .map(plan.slots()::get)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Whether a slot's constant is on the device as float16. */
  boolean isHalf(int slot) {
    return halves.contains(slot);
  }

  private Storage weightStorage(Slot slot) {
    return isHalf(slot.index()) ? Storage.SHORT : storage(slot);
  }

  private static Storage storage(Slot slot) {
    return slot.info().element().storage();
  }

  /** Bytes of a buffer. */
  private static long bytes(long elements, Storage storage) {
    return Math.max(Integer.BYTES, elements * storage.bytes());
  }

  /** Which slabs are on the device too. */
  Set<Storage> mirrored() {
    return mirrored;
  }

  long weightBytes() {
    return weightBytes;
  }

  /** Bytes of the slabs, of working memory and of numbers. */
  long innerBytes(MemoryPlan memory, Binding binding) {
    long bytes = bytes(DeviceValues.Numbers.COUNT, Storage.FLOAT);
    for (Storage storage : mirrored) {
      bytes += bytes(memory.slabElements()[storage.ordinal()], storage);
    }
    long most = 0;
    for (Dim elements : scratch) {
      most = Math.max(most, bytes(elements.evaluate(binding), Storage.FLOAT));
    }
    return bytes + most;
  }

  /** Bytes of one set of the values that have buffers of their own. */
  long apartBytes(Binding binding) {
    long bytes = 0;
    for (Slot slot : apart) {
      bytes += bytes(slot.info().shape().size().evaluate(binding), storage(slot));
    }
    return bytes;
  }
}
