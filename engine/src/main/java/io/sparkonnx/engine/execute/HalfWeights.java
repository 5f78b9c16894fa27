package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.plan.Plan;
import io.sparkonnx.engine.plan.PlanStep;
import io.sparkonnx.engine.plan.Slot;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.NarrowTypes;
import java.util.HashSet;
import java.util.Set;

/** Weights that a device may hold as float16. */
final class HalfWeights {
  private HalfWeights() {}

  /** Slots of constants that all steps of the device read as factors, and that float16 reaches. */
  static Set<Integer> of(Plan plan) {
    Set<Integer> factors = new HashSet<>();
    Set<Integer> others = new HashSet<>();
    for (PlanStep step : plan.steps()) {
      for (int input = 0; step.deviceStep() != null && input < step.inputs().length; input++) {
        boolean factor = step.node().operator().isFactor(input);
        (factor ? factors : others).add(step.inputs()[input]);
      }
    }
    factors.removeAll(others);
    factors.removeIf(slot -> slot < 0 || !isReached(plan.slots().get(slot)));
    return factors;
  }

  private static boolean isReached(Slot slot) {
    if (slot.place() != Slot.Place.CONSTANT || !(slot.constant() instanceof FloatTensor weights)) {
      return false;
    }
    for (int i = 0; i < weights.size(); i++) {
      float weight = weights.get(i);
      if (Float.isFinite(weight)
          && !Float.isFinite(NarrowTypes.halfToFloat(NarrowTypes.floatToHalf(weight)))) {
        return false;
      }
    }
    return true;
  }

  /** The elements, each rounded to the nearest. */
  static short[] rounded(FloatTensor weights) {
    short[] halves = new short[weights.size()];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = NarrowTypes.floatToHalf(weights.get(i));
    }
    return halves;
  }
}
