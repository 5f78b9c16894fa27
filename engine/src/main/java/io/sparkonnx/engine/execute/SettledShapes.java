package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.plan.Plan;
import io.sparkonnx.engine.plan.PlanStep;
import io.sparkonnx.engine.plan.Slot;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.Dim;

/** Which shapes of a plan follow from a binding, whatever the values are. */
final class SettledShapes {
  private final Plan plan;
  private final boolean[] settled;

  SettledShapes(Plan plan) {
    this.plan = plan;
    this.settled = new boolean[plan.slots().size()];
    for (Slot slot : plan.slots()) {
      settled[slot.index()] = isSettled(plan, slot);
    }
  }

  private static boolean isSettled(Plan plan, Slot slot) {
    if (!slot.info().isTensor() || !slot.info().shape().hasRank()) {
      return false;
    }
    for (Dim dim : slot.info().shape().dims()) {
      if (!plan.symbols().containsAll(dim.symbols())) {
        return false;
      }
    }
    return true;
  }

  /** Whether a step's inputs and outputs all have such shapes. */
  boolean of(PlanStep step) {
    return areSettled(step.inputs()) && areSettled(step.outputs());
  }

  private boolean areSettled(int[] slots) {
    for (int slot : slots) {
      if (slot >= 0 && !settled[slot]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Slot of which a step's output is nothing but a view in such a shape; −1 where there is more to
   * do, or nothing since the view lies in the workspace.
   */
  int viewedBy(PlanStep step) {
    boolean one = step.outputs().length == 1 && step.outputs()[0] >= 0;
    int viewed = one ? step.node().operator().viewOf(0) : -1;
    boolean dynamic = one && plan.slots().get(step.outputs()[0]).place() == Slot.Place.DYNAMIC;
    return viewed >= 0 && dynamic && settled[step.outputs()[0]] ? step.inputs()[viewed] : -1;
  }

  /** Whether the array of an output can be made before the run: its size is known, as numbers. */
  static boolean isSized(Plan plan, Slot slot) {
    return isSettled(plan, slot) && slot.info().element() != ElementType.STRING;
  }
}
