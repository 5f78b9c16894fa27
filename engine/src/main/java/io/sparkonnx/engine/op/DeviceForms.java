package io.sparkonnx.engine.op;

import io.sparkonnx.engine.device.DeviceInfo;
import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.kernel.opencl.DeviceEpilogue;
import io.sparkonnx.engine.kernel.opencl.ElementKernel;
import io.sparkonnx.engine.kernel.opencl.ElementKernel.Operand;
import io.sparkonnx.engine.kernel.opencl.ElementwiseKernels;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What device forms of several families share. */
public final class DeviceForms {
  /** The most axes that element-wise kernels and copies take. */
  public static final int MAX_RANK = 4;

  private DeviceForms() {}

  /** Whether devices hold values of this type: floats, some integers and truth values. */
  public static boolean holds(ElementType type) {
    return ElementKernel.takes(type);
  }

  /**
   * The step that computes a function of all inputs' elements, which are broadcast from their ends,
   * or null where there are too many axes.
   *
   * @param expression in OpenCL C, of v0, v1, …
   */
  public static DeviceStep elements(DevicePreparation preparation, String expression) {
    List<ValueInfo> inputs = preparation.inputs();
    if (inputs.size() > 1 && preparation.outputRank() > MAX_RANK) {
      return null;
    }
    List<ElementType> types = inputs.stream().map(ValueInfo::element).toList();
    ElementKernel kernel =
        new ElementKernel(expression, types, preparation.outputs().get(0).element());
    return context -> {
      int[] dims = inputs.size() > 1 ? context.outputDims() : flat(context.outputDims());
      List<Operand> operands = new ArrayList<>();
      for (int input = 0; input < inputs.size(); input++) {
        int[] own = inputs.size() > 1 ? context.dims(input) : dims;
        operands.add(new Operand(context.input(input), strides(padded(own))));
      }
      kernel.run(context.queue(), operands, context.output(), padded(dims));
    };
  }

  /** One axis for all. */
  private static int[] flat(int[] dims) {
    return new int[] {size(dims)};
  }

  /** Whether the device computes {@code f}; some functions go through doubles. */
  public static boolean has(DeviceInfo device, UnaryFunction f) {
    return (f != UnaryFunction.SIN && f != UnaryFunction.COS) || device.twofold();
  }

  /** Whether the device computes {@code f}. */
  public static boolean has(DeviceInfo device, BinaryFunction f) {
    return f != BinaryFunction.POW || device.twofold();
  }

  /** Whether the device computes the activation. */
  public static boolean has(DeviceInfo device, Activation activation) {
    return activation.isNone() || has(device, activation.function());
  }

  /** Whether the device computes {@code f}. */
  public static boolean has(DevicePreparation preparation, UnaryFunction f) {
    return has(preparation.device(), f);
  }

  /** Whether the device computes {@code f}. */
  public static boolean has(DevicePreparation preparation, BinaryFunction f) {
    return has(preparation.device(), f);
  }

  /** Whether the device computes the activation. */
  public static boolean has(DevicePreparation preparation, Activation activation) {
    return has(preparation.device(), activation);
  }

  /**
   * Number of elements.
   *
   * @throws ArithmeticException if an int does not hold it
   */
  public static int size(int[] dims) {
    return Arrays.stream(dims).reduce(1, Math::multiplyExact);
  }

  /** {@code dims} behind leading ones, four in all. */
  public static int[] padded(int[] dims) {
    int[] padded = new int[MAX_RANK];
    Arrays.fill(padded, 1);
    System.arraycopy(dims, 0, padded, MAX_RANK - dims.length, dims.length);
    return padded;
  }

  /** Distances of a contiguous tensor's elements along four axes; 0 along axes of length one. */
  public static int[] strides(int[] padded) {
    int[] strides = new int[MAX_RANK];
    int step = 1;
    for (int axis = MAX_RANK - 1; axis >= 0; axis--) {
      strides[axis] = padded[axis] == 1 ? 0 : step;
      step *= padded[axis];
    }
    return strides;
  }

  /** An epilogue with the activation, and the bias along {@code axis} if there is one. */
  public static DeviceEpilogue epilogue(
      Activation activation, float scale, Epilogue.BiasAxis axis, DeviceArray bias) {
    Epilogue.BiasAxis used = bias == null ? Epilogue.BiasAxis.NONE : axis;
    Epilogue plain = new Epilogue(scale, used, null, null, 0f, 0f);
    return new DeviceEpilogue(activation.after(plain), bias);
  }

  /** Applies an activation to the finished output. */
  public static void activate(DeviceContext context, Activation activation) {
    if (!activation.isNone()) {
      DeviceArray y = context.output();
      ElementwiseKernels.unary(
          context.queue(),
          activation.function(),
          activation.alpha(),
          activation.beta(),
          y,
          y,
          size(context.outputDims()));
    }
  }

  /** The output = f(a, b), both broadcast to it from their ends. */
  public static void binary(
      DeviceContext context,
      BinaryFunction f,
      DeviceArray a,
      int[] aDims,
      DeviceArray b,
      int[] bDims) {
    binary(context, f, a, aDims, b, bDims, context.outputDims());
  }

  /** The same for an output seen as {@code dims}. */
  public static void binary(
      DeviceContext context,
      BinaryFunction f,
      DeviceArray a,
      int[] aDims,
      DeviceArray b,
      int[] bDims,
      int[] dims) {
    ElementwiseKernels.binary(
        context.queue(),
        f,
        a,
        strides(padded(aDims)),
        b,
        strides(padded(bDims)),
        context.output(),
        padded(dims));
  }
}
