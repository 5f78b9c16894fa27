package io.sparkonnx.engine.op;

import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/** An element-wise function of input 0 that the operator before it can take over. */
public interface AbsorbableFunction extends Operator {
  /**
   * What it computes for floats.
   *
   * @param inputs what is known of each input; null for a left-out one
   * @return null where no kernel has the function or a parameter is not constant
   */
  Activation asActivation(List<ValueInfo> inputs);
}
