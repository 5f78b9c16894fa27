package io.sparkonnx.engine.op;

import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.BitSet;
import java.util.List;

/** What is known when a step is made. */
public final class Preparation {
  private final String node;
  private final Kernels kernels;
  private final List<ValueInfo> inputs;
  private final List<ValueInfo> outputs;
  private final BitSet released = new BitSet();
  private long packedBytes;

  /**
   * @param node operator and name, for messages
   * @param kernels the kernel set of the plan; it packs the constants
   * @param inputs what is known of each input; null where the node leaves it out
   * @param outputs what is known of each output
   */
  public Preparation(
      String node, Kernels kernels, List<ValueInfo> inputs, List<ValueInfo> outputs) {
    this.node = node;
    this.kernels = kernels;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  public String node() {
    return node;
  }

  public Kernels kernels() {
    return kernels;
  }

  public List<ValueInfo> inputs() {
    return inputs;
  }

  public List<ValueInfo> outputs() {
    return outputs;
  }

  public boolean has(int input) {
    return input < inputs.size() && inputs.get(input) != null;
  }

  public ValueInfo input(int input) {
    return inputs.get(input);
  }

  /** The input's value where it is a constant of the model, else null. */
  public Tensor constant(int input) {
    return has(input) ? inputs.get(input).constant() : null;
  }

  /**
   * Says that the step holds a constant input in a form of its own and will not ask for it at run
   * time, so that the original may be let go.
   *
   * @param bytes of the step's own form
   */
  public void packed(int input, long bytes) {
    released.set(input);
    packedBytes += bytes;
  }

  /** Says the same as another preparation of the same inputs. */
  void packedAs(Preparation other) {
    released.or(other.released);
    packedBytes += other.packedBytes;
  }

  public boolean isReleased(int input) {
    return released.get(input);
  }

  /** Bytes of constants that the step holds itself. */
  public long packedBytes() {
    return packedBytes;
  }
}
