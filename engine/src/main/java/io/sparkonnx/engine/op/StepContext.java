package io.sparkonnx.engine.op;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;

/** What a step sees of the run it is part of. */
public interface StepContext {
  /** Number of inputs, left-out ones included. */
  int inputs();

  /** The input, or null where the node leaves it out. */
  OnnxValue value(int input);

  /** The input as a tensor, or null where the node leaves it out. */
  default Tensor input(int input) {
    return (Tensor) value(input);
  }

  default FloatTensor floats(int input) {
    return (FloatTensor) value(input);
  }

  default DoubleTensor doubles(int input) {
    return (DoubleTensor) value(input);
  }

  /** Number of outputs, left-out ones included. */
  int outputs();

  /** Whether anybody reads this output. */
  boolean wants(int output);

  /**
   * The tensor to write this output to, of the type and shape that {@link Operator#infer} gives.
   * Its elements are arbitrary before. Not for strings.
   */
  Tensor output(int output);

  default FloatTensor floatOutput(int output) {
    return (FloatTensor) output(output);
  }

  /** The tensor to write this output to, where the shape depends on values. */
  Tensor output(int output, int... dims);

  /** Hands over an output that the step made itself: strings, sequences, maps, optionals, views. */
  void set(int output, OnnxValue value);

  /**
   * What the step {@linkplain #keep kept} when it ran last on inputs and outputs of these shapes,
   * or null. Their elements may be others.
   */
  default Object kept() {
    return null;
  }

  /**
   * Offers something for {@link #kept} that depends on shapes and on the model's constants alone.
   * It stays as long as the workspace, so it must hold no value. One for each step; for one thread.
   */
  default void keep(Object made) {}

  Kernels kernels();

  Scratch scratch();

  /** Throws when the caller asked to stop or the deadline has passed. Long loops call it. */
  void checkCancelled();

  /** An {@link OnnxException.Code#INVALID_VALUE} that names the node. */
  OnnxException error(String message);
}
