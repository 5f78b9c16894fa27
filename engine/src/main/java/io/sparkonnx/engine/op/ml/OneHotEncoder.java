package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * OneHotEncoder: each element becomes a vector along a new last axis, 1 at its category and 0
 * elsewhere. Floating-point numbers lose their fraction; NaN is in no category.
 *
 * @param categories integers or strings
 * @param zeros whether an element in no category becomes zeros; otherwise it is an error
 */
record OneHotEncoder(KeyIndex categories, boolean zeros) implements Operator {

  static OneHotEncoder of(Attributes attributes) {
    Labels labels = Labels.of(attributes, "cats_int64s", "cats_strings");
    return new OneHotEncoder(new KeyIndex(labels.tensor()), attributes.flag("zeros", true));
  }

  @Override
  public String type() {
    return "OneHotEncoder";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    if (categories.type() == ElementType.STRING) {
      context.require(0, ElementType.STRING);
    } else {
      Features.requireNumbers(context);
    }
    Shape x = context.shape(0);
    if (!x.hasRank()) {
      return List.of(ValueInfo.of(ElementType.FLOAT, Shape.UNKNOWN));
    }
    List<Dim> dims = new ArrayList<>(x.dims());
    dims.add(Dim.of(categories.size()));
    return List.of(ValueInfo.of(ElementType.FLOAT, Shape.of(dims)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.all(context.axis(0));
  }

  @Override
  public Step prepare(Preparation preparation) {
    return this::run;
  }

  private void run(StepContext context) {
    Tensor x = context.input(0);
    FloatTensor y = context.floatOutput(0);
    int width = categories.size();
    Arrays.fill(y.array(), y.offset(), y.offset() + y.size(), 0f);
    boolean real = x.type().isFloatingPoint();
    Tensor cell = real ? Tensor.allocate(ElementType.INT64, 1) : null;
    for (int i = 0; i < x.size(); i++) {
      int found = real ? findTruncated(x, i, cell) : categories.find(x, i);
      if (found != KeyIndex.NONE) {
        y.array()[y.offset() + i * width + found] = 1f;
      } else if (!zeros) {
        String value =
            x instanceof StringTensor strings
                ? "'" + strings.get(i) + "'"
                : real ? String.valueOf(x.doubleAt(i)) : String.valueOf(x.longAt(i));
        throw context.error("element " + i + " is " + value + ", which is no category");
      }
    }
  }

  private int findTruncated(Tensor x, int index, Tensor cell) {
    double value = x.doubleAt(index);
    if (Double.isNaN(value)) {
      return KeyIndex.NONE;
    }
    ((long[]) cell.array())[0] = (long) value;
    return categories.find(cell, 0);
  }
}
