package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.SmallFloats.ScaleRounding;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.ValueInfo;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.List;
import java.util.Locale;

/**
 * Elements in another type; CastLike takes the type from input 1.
 *
 * @param to the type, or null for that of input 1
 * @param conversion how numbers are rounded where types are small
 */
public record Cast(ElementType to, Conversion conversion) implements Operator {
  /** Opset 1 names the type. */
  static Cast toNamed(Attributes attributes) {
    String name = attributes.string("to");
    for (ElementType type : ElementType.values()) {
      if (type.name().equals(name.toUpperCase(Locale.ROOT))) {
        return new Cast(type, Conversion.DEFAULT);
      }
    }
    throw attributes.error("attribute 'to' is '" + name + "', which is no element type");
  }

  static Cast toCode(Attributes attributes) {
    long code = attributes.integer("to");
    ElementType to = code == (int) code ? ElementType.ofCode((int) code) : null;
    if (to == null) {
      throw attributes.error("attribute 'to' is " + code + ", which is no element type");
    }
    return new Cast(to, conversion(attributes));
  }

  static Cast like(Attributes attributes) {
    return new Cast(null, conversion(attributes));
  }

  private static Conversion conversion(Attributes attributes) {
    String mode = attributes.string("round_mode", "up");
    ScaleRounding rounding =
        switch (mode) {
          case "up" -> ScaleRounding.UP;
          case "down" -> ScaleRounding.DOWN;
          case "nearest" -> ScaleRounding.NEAREST;
          default ->
              throw attributes.error("round_mode is '" + mode + "', expected up, down or nearest");
        };
    return new Conversion(attributes.flag("saturate", true), rounding);
  }

  @Override
  public String type() {
    return to == null ? "CastLike" : "Cast";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType from = context.element(0);
    ElementType target = to == null ? context.element(1) : to;
    if (from != target && (from.width() > 1 || target.width() > 1)) {
      throw context.error("cannot cast " + from + " to " + target);
    }
    TensorType type = new TensorType(target, context.shape(0));
    return List.of(new ValueInfo(type, contents(context, target), null));
  }

  private static List<Dim> contents(InferenceContext context, ElementType target) {
    List<Dim> contents = context.contents(0);
    if (contents == null) {
      return null;
    }
    return switch (target) {
      case INT64 -> contents;
      case INT32 ->
          contents.stream().map(dim -> dim.isConstant() ? Dim.of((int) dim.value()) : dim).toList();
      case FLOAT, DOUBLE -> contents.stream().allMatch(Cast::isExact) ? contents : null;
      default -> null;
    };
  }

  /** Whether a float holds this: lengths are taken to be small enough. */
  private static boolean isExact(Dim dim) {
    return !dim.isConstant() || Math.abs(dim.value()) <= 1 << 24;
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.all(context.axis(0));
  }

  @Override
  public boolean canOverwrite(int input) {
    return input == 0;
  }

  @Override
  public boolean looksAtTypes() {
    return true;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return preparation.inputs().size() == 1
        ? DeviceForms.elements(
            preparation, converted(preparation.element(0), preparation.outputs().get(0).element()))
        : null;
  }

  /** What {@link Conversion} computes, in OpenCL C. */
  private static String converted(ElementType from, ElementType target) {
    if (target == ElementType.BOOL && from != ElementType.BOOL) {
      return "v0 != 0";
    }
    return from == ElementType.FLOAT && target != ElementType.FLOAT
        ? "isnan(v0) ? 0L : v0 >= 0x1p63f ? LONG_MAX : v0 <= -0x1p63f ? LONG_MIN : (long)v0"
        : "v0";
  }

  @Override
  public Step prepare(Preparation preparation) {
    ElementType from = preparation.input(0).element();
    ElementType target = preparation.outputs().get(0).element();
    if (from == target) {
      return Movement.step(this, (context, data, outputs) -> copy(data[0], outputs[0]), 0);
    }
    if (target == ElementType.STRING) {
      return context -> context.set(0, Texts.ofNumbers(context.input(0)));
    }
    return from == ElementType.STRING ? this::parse : this::convert;
  }

  private static void copy(Tensor input, Tensor output) {
    int length = input.size() * input.type().width();
    System.arraycopy(input.array(), input.offset(), output.array(), output.offset(), length);
  }

  private void convert(StepContext context) {
    Conversion.Block block = (Conversion.Block) context.kept();
    if (block == null) {
      block = new Conversion.Block();
      context.keep(block);
    }
    conversion.convert(context.input(0), context.output(0), block);
  }

  private void parse(StepContext context) {
    StringTensor texts = (StringTensor) context.input(0);
    Tensor output = context.output(0);
    if (output.type().isFloatingPoint() || output.type() == ElementType.BOOL) {
      double[] numbers = new double[texts.size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = Texts.real(context, texts.get(i));
      }
      conversion.convert(Tensor.of(numbers, texts.dims()), output);
    } else {
      long[] numbers = new long[texts.size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = Texts.integer(context, texts.get(i));
      }
      conversion.convert(Tensor.of(numbers, texts.dims()), output);
    }
  }
}
