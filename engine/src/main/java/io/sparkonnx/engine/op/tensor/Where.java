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
import io.sparkonnx.engine.tensor.ByteTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Input 1 where input 0 is true, input 2 elsewhere; all three broadcast. */
public record Where() implements Operator {
  static Where of(Attributes attributes) {
    return new Where();
  }

  @Override
  public String type() {
    return "Where";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    context.require(0, ElementType.BOOL);
    ElementType element = context.requireSame(1, 2);
    Shape both = Shape.broadcast(context.shape(1), context.shape(2));
    Shape shape = both == null ? null : Shape.broadcast(context.shape(0), both);
    if (shape == null) {
      throw context.error(
          String.format(
              Locale.ROOT,
              "shapes %s, %s and %s do not broadcast",
              context.shape(0),
              context.shape(1),
              context.shape(2)));
    }
    List<Dim> contents = contents(context, shape);
    return List.of(
        contents != null
            ? ValueInfo.ofContents(element, shape.rank() == 0, contents)
            : ValueInfo.of(element, shape));
  }

  private static List<Dim> contents(InferenceContext context, Shape shape) {
    List<Dim> condition = Integers.symbolic(context, 0);
    List<Dim> yes = context.contents(1);
    List<Dim> no = context.contents(2);
    if (condition == null || yes == null || no == null || !shape.isConstant() || shape.rank() > 1) {
      return null;
    }
    List<Dim> chosen = new ArrayList<>();
    for (int i = 0; i < shape.size().value(); i++) {
      Dim test = condition.get(condition.size() == 1 ? 0 : i);
      Dim one = yes.get(yes.size() == 1 ? 0 : i);
      Dim other = no.get(no.size() == 1 ? 0 : i);
      if (!test.isConstant() && !one.equals(other)) {
        return null;
      }
      chosen.add(test.is(0) ? other : one);
    }
    return chosen;
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.elementwise();
  }

  @Override
  public boolean looksAtTypes() {
    return true;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return DeviceForms.elements(preparation, "v0 ? v1 : v2");
  }

  @Override
  public Step prepare(Preparation preparation) {
    if (preparation.input(1).element() != ElementType.STRING) {
      return Choice::choose;
    }
    return Movement.step(
        this,
        (context, data, outputs) ->
            Choice.choose((ByteTensor) context.input(0), data[0], data[1], outputs[0]),
        1,
        2);
  }
}
