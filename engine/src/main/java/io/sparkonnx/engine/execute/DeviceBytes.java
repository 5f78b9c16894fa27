package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.plan.MemoryPlan;
import io.sparkonnx.engine.plan.Plan;
import io.sparkonnx.engine.plan.PlanStep;
import io.sparkonnx.engine.plan.Slot;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.ElementType.Storage;
import io.sparkonnx.engine.type.Dim;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How many bytes of its device a plan takes, as {@link DeviceValues} allocates them. */
final class DeviceBytes {
  private final List<Dim> apart;
  private final List<Dim> scratch;
  private final long weightBytes;

  DeviceBytes(Plan plan) {
    Set<Integer> touched = new LinkedHashSet<>();
    for (PlanStep step : plan.steps()) {
      if (step.deviceStep() != null) {
        Arrays.stream(step.inputs()).forEach(touched::add);
        Arrays.stream(step.outputs()).forEach(touched::add);
      }
    }
    touched.remove(-1);
    List<Slot> floats =
        touched.stream().map(plan.slots()::get).filter(DeviceBytes::isFloats).toList();
    apart =
        floats.stream()
            .filter(DeviceBytes::isApart)
            .map(slot -> slot.info().shape().size())
            .toList();
    scratch =
        plan.steps().stream()
            .filter(step -> step.deviceStep() != null)
            .map(step -> step.deviceStep().scratch())
            .filter(elements -> !elements.equals(Dim.ZERO))
            .toList();
    weightBytes =
        floats.stream()
                .filter(slot -> slot.place() == Slot.Place.CONSTANT)
                .mapToLong(slot -> bytes(slot.constant().size()))
                .sum()
            + plan.steps().stream()
                .filter(step -> step.deviceStep() != null)
                .mapToLong(step -> step.deviceStep().keptElements())
                .filter(elements -> elements > 0)
                .map(DeviceBytes::bytes)
                .sum();
  }

  private static boolean isFloats(Slot slot) {
    return slot.info().isTensor() && slot.info().element() == ElementType.FLOAT;
  }

  /** Whether a value has a buffer of its own. */
  private static boolean isApart(Slot slot) {
    return slot.place() != Slot.Place.CONSTANT && slot.place() != Slot.Place.ARENA;
  }

  /** Bytes of a buffer of floats. */
  static long bytes(long elements) {
    return Math.max(1, elements) * Float.BYTES;
  }

  long weightBytes() {
    return weightBytes;
  }

  /** Bytes of the slab, of working memory and of numbers. */
  long innerBytes(MemoryPlan memory, Binding binding) {
    long bytes = bytes(memory.slabElements()[Storage.FLOAT.ordinal()]);
    bytes += bytes(DeviceValues.Numbers.COUNT);
    long most = 0;
    for (Dim elements : scratch) {
      most = Math.max(most, bytes(elements.evaluate(binding)));
    }
    return bytes + most;
  }

  /** Bytes of one set of the values that have buffers of their own. */
  long apartBytes(Binding binding) {
    long bytes = 0;
    for (Dim elements : apart) {
      bytes += bytes(elements.evaluate(binding));
    }
    return bytes;
  }
}
