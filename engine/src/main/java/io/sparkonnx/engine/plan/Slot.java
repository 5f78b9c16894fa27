package io.sparkonnx.engine.plan;

import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueInfo;

/**
 * One value of a plan.
 *
 * @param index position in a frame
 * @param name the value's name
 * @param info what is known of it
 * @param place where its elements live
 * @param buffer for {@link Place#ARENA}, index of its buffer; else −1
 * @param constant for {@link Place#CONSTANT}, the value; null where every reader packed it. For an
 *     optional {@link Place#INPUT}, its default
 */
public record Slot(
    int index, String name, ValueInfo info, Place place, int buffer, Tensor constant) {

  /** Where a value's elements live. */
  public enum Place {
    /** In the model. */
    CONSTANT,
    /** In the caller's arrays. */
    INPUT,
    /** In a planned part of the workspace. */
    ARENA,
    /** Straight in the array that the caller gets. */
    RESULT,
    /**
     * Wherever the step puts it: sizes that depend on values, strings, sequences, views of inputs.
     */
    DYNAMIC
  }
}
