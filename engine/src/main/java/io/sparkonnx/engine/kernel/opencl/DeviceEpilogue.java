package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceQueue;
import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.UnaryFunction;
import java.util.ArrayList;
import java.util.List;

/**
 * An {@link Epilogue} with its bias on the device.
 *
 * @param epilogue scale, axis and activation; its bias elements are not read
 * @param bias the bias; null without one
 */
public record DeviceEpilogue(Epilogue epilogue, DeviceArray bias) {
  private static final int NONE = -1;

  public static final DeviceEpilogue IDENTITY = new DeviceEpilogue(Epilogue.IDENTITY, null);

  /** What a kernel of dot products takes last. */
  List<Object> arguments(DeviceArray result) {
    DeviceArray read = bias == null ? result : bias;
    List<Object> arguments = new ArrayList<>();
    arguments.add(epilogue.scale());
    arguments.add(epilogue.biasAxis().ordinal());
    arguments.add(read.buffer());
    arguments.add(read.offset());
    arguments.add(isInKernel() ? epilogue.activation().ordinal() : NONE);
    arguments.add(epilogue.alpha());
    arguments.add(epilogue.beta());
    return arguments;
  }

  private boolean isInKernel() {
    return epilogue.activation() == UnaryFunction.RELU
        || epilogue.activation() == UnaryFunction.CLIP;
  }

  /** Applies what the kernel of dot products does not, to {@code length} elements in a piece. */
  void finish(DeviceQueue queue, DeviceArray result, int length) {
    if (hasRest()) {
      ElementwiseKernels.unary(
          queue, epilogue.activation(), epilogue.alpha(), epilogue.beta(), result, result, length);
    }
  }

  private boolean hasRest() {
    return epilogue.activation() != null && !isInKernel();
  }
}
