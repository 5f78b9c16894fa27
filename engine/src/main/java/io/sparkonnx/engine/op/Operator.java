package io.sparkonnx.engine.op;

import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * One operator of one version with its attributes, immutable. What an operator computes is said
 * here once: types, shapes and small contents by {@link #infer}, the place of the batch by {@link
 * #batch}, the values by the {@link Step} that {@link #prepare} makes for a plan.
 */
public interface Operator {
  /** ONNX's name, for people. */
  String type();

  /**
   * Types, shapes and contents of the outputs. Called when a model is loaded, with symbolic shapes,
   * and at run time, with numbers, where the shapes could not be known before. Outputs that the
   * node leaves out may be omitted at the end of the list.
   *
   * @throws io.sparkonnx.engine.OnnxException made by {@link InferenceContext#error} when inputs
   *     cannot go together
   */
  List<ValueInfo> infer(InferenceContext context);

  /**
   * Where the batch is in each output, given where it is in the inputs. Called only when at least
   * one input depends on the batch and none is coupled. The default knows nothing and answers
   * coupled.
   */
  default List<BatchAxis> batch(BatchContext context) {
    return context.all(BatchAxis.coupled(type() + " has no rule for the batch axis"));
  }

  /**
   * Multiplications and additions for one run; {@link Dim#ZERO} for operators that only move data.
   */
  default Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    return Dim.ZERO;
  }

  /** Makes the executable step: kernels chosen, constants packed. Called once per plan. */
  Step prepare(Preparation preparation);

  /**
   * Makes the step that runs on a device, or null where this operator or these values have no form
   * there. Asked only where all values but those that are read on the host are floats of known rank
   * and there is one output; or, if it {@link #looksAtTypes}, of any types that devices hold.
   */
  default DeviceStep prepareOn(DevicePreparation preparation) {
    return null;
  }

  /** Whether {@link #prepareOn} looks at the types of its values, which may not be floats. */
  default boolean looksAtTypes() {
    return false;
  }

  /**
   * Whether the step that runs on a device reads this input on the host, as small tensors of bounds
   * and indices are; it may then be of any type.
   */
  default boolean readsOnHost(int input) {
    return false;
  }

  /**
   * Whether the step that runs on a device asks for this input by {@link DeviceContext#factor}, so
   * that a constant may come as float16.
   */
  default boolean isFactor(int input) {
    return false;
  }

  /** Whether the step reads elements of this input, and not its shape alone. */
  default boolean readsElements(int input) {
    return true;
  }

  /**
   * Index of the input that output {@code output} is a view of (same elements, other shape), or −1.
   */
  default int viewOf(int output) {
    return -1;
  }

  /** Whether output 0 may be written over input {@code input} where both have one type and size. */
  default boolean canOverwrite(int input) {
    return false;
  }

  /**
   * What computes the same where input 0 comes in {@code layout}, or null where the operator takes
   * row-major inputs only. All take row-major.
   *
   * @param inputs what is known of each input in row-major layout; null where the node leaves it
   *     out
   */
  default LayoutVariant inLayout(Layout layout, List<ValueInfo> inputs) {
    return null;
  }

  /** Whether equal inputs give equal outputs. */
  default boolean deterministic() {
    return true;
  }
}
