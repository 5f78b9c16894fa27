package io.sparkonnx.engine.op;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.device.DeviceQueue;
import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.tensor.Tensor;

/**
 * What a {@link DeviceStep} sees of the run it is part of. Values that are not read on the host
 * have the types that the step was prepared for.
 */
public interface DeviceContext {
  DeviceQueue queue();

  /** Number of inputs, left-out ones included. */
  int inputs();

  /** Whether the node has this input. */
  boolean has(int input);

  /** Lengths of an input's axes. */
  int[] dims(int input);

  /** An input's elements, contiguous. */
  DeviceArray input(int input);

  /** An input that {@link Operator#isFactor} names: floats, or a constant held as float16. */
  DeviceArray factor(int input);

  /**
   * An input that {@link Operator#readsOnHost} names, or null where the node leaves it out. Kernels
   * look at no bounds, so indices must be checked before they are used.
   */
  Tensor host(int input);

  /** Lengths of the axes of output 0. */
  int[] outputDims();

  /** Where output 0 goes, contiguous. May be where an input is that may be overwritten. */
  DeviceArray output();

  /** Working memory for {@code elements}, the step's until its kernels have run. */
  DeviceArray scratch(int elements);

  /** Numbers for this run, in the memory that {@link #scratch} gives. */
  DeviceArray upload(float[] values);

  /**
   * Numbers that are the same in every run; they go to the device once.
   *
   * @param values the same in every call of this step, which has no others
   */
  DeviceArray kept(float[] values);

  /** One element with this value. */
  DeviceArray number(float value);

  /** An {@link OnnxException.Code#INVALID_VALUE} that names the node. */
  OnnxException error(String message);
}
