package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.Tensor;

/** What makes a resized tensor, for tensors of given shapes. */
@FunctionalInterface
interface Resampled {
  /** Writes {@code y}, which has elements, from {@code x}. */
  void run(StepContext context, Tensor x, Tensor y);
}
