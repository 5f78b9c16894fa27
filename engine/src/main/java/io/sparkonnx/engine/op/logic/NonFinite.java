package io.sparkonnx.engine.op.logic;

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
import io.sparkonnx.engine.tensor.ByteTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * IsNaN and IsInf: which elements are no numbers, or infinite.
 *
 * @param nan whether NaN counts
 * @param negative whether −∞ counts
 * @param positive whether +∞ counts
 */
record NonFinite(String type, boolean nan, boolean negative, boolean positive) implements Operator {
  static NonFinite isNan() {
    return new NonFinite("IsNaN", true, false, false);
  }

  static NonFinite isInf(Attributes attributes) {
    boolean negative = attributes.flag("detect_negative", true);
    return new NonFinite("IsInf", false, negative, attributes.flag("detect_positive", true));
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType element = context.element(0);
    if (!element.isFloatingPoint()) {
      throw context.error("input 0 is " + element + ", expected a floating-point type");
    }
    return List.of(ValueInfo.of(ElementType.BOOL, context.shape(0)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.keepsAxis();
  }

  @Override
  public boolean looksAtTypes() {
    return true;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    List<String> tests = new ArrayList<>();
    if (nan) {
      tests.add("isnan(v0)");
    }
    if (negative) {
      tests.add("v0 == -INFINITY");
    }
    if (positive) {
      tests.add("v0 == INFINITY");
    }
    return DeviceForms.elements(preparation, tests.isEmpty() ? "0" : String.join(" || ", tests));
  }

  @Override
  public Step prepare(Preparation preparation) {
    return this::run;
  }

  private void run(StepContext context) {
    Tensor x = context.input(0);
    ByteTensor y = (ByteTensor) context.output(0);
    byte[] array = y.array();
    if (x instanceof FloatTensor floats) {
      for (int i = 0; i < y.size(); i++) {
        array[y.offset() + i] = test(floats.get(i));
      }
    } else {
      for (int i = 0; i < y.size(); i++) {
        array[y.offset() + i] = test(x.doubleAt(i));
      }
    }
  }

  private byte test(double x) {
    boolean infinite =
        (negative && x == Double.NEGATIVE_INFINITY) || (positive && x == Double.POSITIVE_INFINITY);
    return (byte) ((nan && Double.isNaN(x)) || infinite ? 1 : 0);
  }
}
