package io.sparkonnx.engine.op;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.NarrowTypes;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.ShortTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Runs an operator's float step for float16 and bfloat16: inputs are widened, which is exact, and
 * each output element is rounded once. Other element types pass through.
 */
public final class HalfPrecision implements StepContext {
  private final StepContext outer;
  private final FloatTensor[] widened;
  private final Tensor[] narrow;

  private HalfPrecision(StepContext outer) {
    this.outer = outer;
    this.widened = new FloatTensor[outer.outputs()];
    this.narrow = new Tensor[outer.outputs()];
  }

  public static boolean isHalf(ElementType type) {
    return type == ElementType.FLOAT16 || type == ElementType.BFLOAT16;
  }

  /** The step of {@code floats}, which is prepared as if every 16-bit float were a float. */
  public static Step prepare(Preparation preparation, Function<Preparation, Step> floats) {
    Preparation wide =
        new Preparation(
            preparation.node(),
            preparation.kernels(),
            widened(preparation.inputs()),
            widened(preparation.outputs()));
    Step step = floats.apply(wide);
    preparation.packedAs(wide);
    return context -> {
      HalfPrecision inner = new HalfPrecision(context);
      step.run(inner);
      inner.round();
    };
  }

  private static List<ValueInfo> widened(List<ValueInfo> infos) {
    List<ValueInfo> result = new ArrayList<>();
    for (ValueInfo info : infos) {
      boolean half = info != null && info.isTensor() && isHalf(info.element());
      if (!half) {
        result.add(info);
      } else if (info.constant() != null) {
        result.add(ValueInfo.ofConstant(widen(info.constant())));
      } else {
        result.add(ValueInfo.of(ElementType.FLOAT, info.shape()));
      }
    }
    return result;
  }

  /** The elements of a 16-bit float tensor as floats. */
  public static FloatTensor widen(Tensor half) {
    short[] bits = ((ShortTensor) half).array();
    int offset = half.offset();
    boolean ieee = half.type() == ElementType.FLOAT16;
    float[] floats = new float[half.size()];
    for (int i = 0; i < floats.length; i++) {
      short element = bits[offset + i];
      floats[i] = ieee ? NarrowTypes.halfToFloat(element) : NarrowTypes.bfloat16ToFloat(element);
    }
    return Tensor.of(floats, half.dims());
  }

  /** Writes floats into a 16-bit float tensor of the same size, each rounded to the nearest. */
  public static void round(FloatTensor floats, Tensor half) {
    short[] bits = ((ShortTensor) half).array();
    int offset = half.offset();
    boolean ieee = half.type() == ElementType.FLOAT16;
    for (int i = 0; i < floats.size(); i++) {
      float element = floats.get(i);
      bits[offset + i] =
          ieee ? NarrowTypes.floatToHalf(element) : NarrowTypes.floatToBfloat16(element);
    }
  }

  private void round() {
    for (int i = 0; i < widened.length; i++) {
      if (widened[i] != null) {
        round(widened[i], narrow[i]);
      }
    }
  }

  @Override
  public int inputs() {
    return outer.inputs();
  }

  @Override
  public OnnxValue value(int input) {
    OnnxValue value = outer.value(input);
    return value instanceof Tensor tensor && isHalf(tensor.type()) ? widen(tensor) : value;
  }

  @Override
  public int outputs() {
    return outer.outputs();
  }

  @Override
  public boolean wants(int output) {
    return outer.wants(output);
  }

  @Override
  public Tensor output(int output) {
    return replaced(output, outer.output(output));
  }

  @Override
  public Tensor output(int output, int... dims) {
    return replaced(output, outer.output(output, dims));
  }

  private Tensor replaced(int output, Tensor actual) {
    if (!isHalf(actual.type())) {
      return actual;
    }
    narrow[output] = actual;
    widened[output] = Tensor.of(new float[actual.size()], actual.dims());
    return widened[output];
  }

  @Override
  public void set(int output, OnnxValue value) {
    outer.set(output, value);
  }

  @Override
  public Kernels kernels() {
    return outer.kernels();
  }

  @Override
  public Scratch scratch() {
    return outer.scratch();
  }

  @Override
  public void checkCancelled() {
    outer.checkCancelled();
  }

  @Override
  public OnnxException error(String message) {
    return outer.error(message);
  }
}
