package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceParts;
import io.sparkonnx.engine.op.Divisible;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.LayoutVariant;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.IntTensor;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * Imputer: elements that equal one value, which may be NaN, replaced by another, one for all or one
 * per column (last axis). Floating-point inputs take the float attributes, integers the others.
 *
 * @param floats replacements for floating-point inputs, or null
 * @param replacedFloat what they replace
 * @param integers replacements for integers, or null
 * @param replacedInteger what they replace
 * @param layout of input and output
 */
record Imputer(
    float[] floats, float replacedFloat, long[] integers, long replacedInteger, Layout layout)
    implements Divisible {

  static Imputer of(Attributes attributes) {
    float[] floats = attributes.reals("imputed_value_floats");
    long[] integers = attributes.integers("imputed_value_int64s");
    boolean someFloats = floats != null && floats.length > 0;
    boolean someIntegers = integers != null && integers.length > 0;
    if (!someFloats && !someIntegers) {
      throw attributes.error("neither imputed_value_floats nor imputed_value_int64s is given");
    }
    return new Imputer(
        someFloats ? floats : null,
        attributes.real("replaced_value_float", 0f),
        someIntegers ? integers : null,
        attributes.integer("replaced_value_int64", 0),
        Layout.ROW_MAJOR);
  }

  @Override
  public LayoutVariant inLayout(Layout wanted, List<ValueInfo> inputs) {
    Imputer variant = new Imputer(floats, replacedFloat, integers, replacedInteger, wanted);
    return LayoutVariant.elementwise(variant, wanted);
  }

  @Override
  public String type() {
    return "Imputer";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType type = Features.requireNumbers(context);
    int count = count(type);
    if (count == 0) {
      String missing = type.isFloatingPoint() ? "imputed_value_floats" : "imputed_value_int64s";
      throw context.error("X is " + type + " but " + missing + " is not given");
    }
    Shape x = context.shape(0);
    Dim columns = x.hasRank() && x.rank() > 0 ? x.dim(layout.featureAxis(x.rank())) : null;
    if (count > 1 && columns != null && columns.isConstant() && !columns.is(count)) {
      throw context.error(message(count, columns.toString()));
    }
    return List.of(ValueInfo.of(type, x));
  }

  private static String message(int count, String columns) {
    return count + " imputed values but X has " + columns + " columns";
  }

  private int count(ElementType type) {
    if (type.isFloatingPoint()) {
      return floats == null ? 0 : floats.length;
    }
    return integers == null ? 0 : integers.length;
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return ColumnValues.batch(context, layout, count(context.input(0).element()) == 1);
  }

  @Override
  public boolean canOverwrite(int input) {
    return true;
  }

  @Override
  public void divide(DeviceParts parts) {
    if (parts.isFloats(0)) {
      String values = parts.constant("imputed", Tensor.of(floats, floats.length));
      ImputedColumns part = new ImputedColumns(this);
      parts.output(0, new DeviceParts.Source(part, List.of(parts.input(0), values)));
    }
  }

  @Override
  public Step prepare(Preparation preparation) {
    return this::run;
  }

  private void run(StepContext context) {
    Tensor x = context.input(0);
    Tensor y = context.output(0);
    int count = count(x.type());
    int columns = ColumnValues.columns(x, layout);
    if (count > 1 && count != columns) {
      throw context.error(message(count, String.valueOf(columns)));
    }
    System.arraycopy(x.array(), x.offset(), y.array(), y.offset(), x.size());
    int perRow = count == 1 ? 0 : 1;
    if (layout == Layout.FEATURE_MAJOR) {
      int rows = x.dim(layout.rowAxis());
      for (int column = 0; column < columns; column++) {
        impute(y, y.offset() + column * rows, rows, column * perRow, 0);
      }
      return;
    }
    for (int first = 0; first < x.size(); first += columns) {
      impute(y, y.offset() + first, columns, 0, perRow);
    }
  }

  /** Replaces element i by the replacement {@code replacement + i·step}. */
  private void impute(Tensor y, int first, int length, int replacement, int step) {
    boolean nan = Float.isNaN(replacedFloat);
    if (y instanceof FloatTensor tensor) {
      float[] array = tensor.array();
      for (int i = 0; i < length; i++) {
        float value = array[first + i];
        boolean hit = nan ? Float.isNaN(value) : value == replacedFloat;
        array[first + i] = hit ? floats[replacement + i * step] : value;
      }
    } else if (y instanceof DoubleTensor tensor) {
      double[] array = tensor.array();
      for (int i = 0; i < length; i++) {
        double value = array[first + i];
        boolean hit = nan ? Double.isNaN(value) : value == replacedFloat;
        array[first + i] = hit ? floats[replacement + i * step] : value;
      }
    } else if (y instanceof LongTensor tensor) {
      long[] array = tensor.array();
      for (int i = 0; i < length; i++) {
        array[first + i] =
            array[first + i] == replacedInteger
                ? integers[replacement + i * step]
                : array[first + i];
      }
    } else {
      int[] array = ((IntTensor) y).array();
      for (int i = 0; i < length; i++) {
        array[first + i] =
            array[first + i] == replacedInteger
                ? (int) integers[replacement + i * step]
                : array[first + i];
      }
    }
  }
}
