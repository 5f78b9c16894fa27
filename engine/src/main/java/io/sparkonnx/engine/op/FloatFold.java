package io.sparkonnx.engine.op;

import io.sparkonnx.engine.kernel.BinaryFunction;

/** An operator that can fold float inputs, broadcast from their ends, by one function in order. */
public interface FloatFold extends Operator {
  /** The function; null where no kernel has it, axes meet otherwise, or more is done than that. */
  BinaryFunction foldedBy();
}
