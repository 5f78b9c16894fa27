package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.device.DeviceInfo;
import io.sparkonnx.engine.kernel.Chain;
import io.sparkonnx.engine.kernel.Chain.Reading;
import io.sparkonnx.engine.kernel.opencl.ChainKernel;
import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * Element-wise functions of floats that are applied one after the other to each element, the inputs
 * broadcast from their ends. No operator of ONNX's; rewrites make it.
 *
 * @param chain what is computed; every stage's result has the shape of the last one's
 */
public record ElementwiseChain(Chain chain) implements Operator {
  @Override
  public String type() {
    return "ElementwiseChain";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Shape common = Shape.SCALAR;
    for (int i = 0; i < context.inputs(); i++) {
      context.require(i, ElementType.FLOAT);
      Shape both = Shape.broadcast(common, context.shape(i));
      if (both == null) {
        throw context.error(
            "input " + i + " has shape " + context.shape(i) + ", which does not fit " + common);
      }
      common = both;
    }
    return List.of(ValueInfo.of(ElementType.FLOAT, common));
  }

  /** How an input is read for an element of the result, or null where no {@link Reading} says. */
  public static Reading reading(Shape input, Shape result) {
    if (input.size().equals(result.size())) {
      return Reading.SAME;
    }
    if (input.size().is(1)) {
      return Reading.ONE;
    }
    int rank = input.rank();
    int from = 0;
    int to = rank;
    while (input.dim(from).is(1)) {
      from++;
    }
    while (input.dim(to - 1).is(1)) {
      to--;
    }
    int shift = result.rank() - rank;
    for (int axis = from; axis < to; axis++) {
      if (!input.dim(axis).equals(result.dim(axis + shift))) {
        return null;
      }
    }
    return new Reading(Reading.Kind.RUN, rank - from, rank - to);
  }

  private static List<Reading> readings(List<ValueInfo> inputs, ValueInfo output) {
    List<Reading> readings = new ArrayList<>();
    inputs.forEach(input -> readings.add(reading(input.shape(), output.shape())));
    return readings;
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.elementwise();
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Shape shape = outputs.get(0).shape();
    return shape.hasRank() ? shape.size().times(chain.stages().size()) : Dim.ZERO;
  }

  /** An input of the result's size is read element by element, each before it is written. */
  @Override
  public boolean canOverwrite(int input) {
    return true;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    if (!chain.stages().stream().allMatch(stage -> isOn(preparation.device(), stage))) {
      return null;
    }
    List<Reading> readings = readings(preparation.inputs(), preparation.outputs().get(0));
    ChainKernel kernel = new ChainKernel(chain, readings);
    return context -> run(context, kernel);
  }

  private static boolean isOn(DeviceInfo device, Chain.Stage stage) {
    if (stage instanceof Chain.Unary unary) {
      return DeviceForms.has(device, unary.f());
    }
    return !(stage instanceof Chain.Binary binary) || DeviceForms.has(device, binary.f());
  }

  private static void run(DeviceContext context, ChainKernel kernel) {
    List<DeviceArray> inputs = new ArrayList<>();
    for (int i = 0; i < context.inputs(); i++) {
      inputs.add(context.input(i));
    }
    kernel.run(context.queue(), inputs, context.output(), context.outputDims());
  }

  @Override
  public Step prepare(Preparation preparation) {
    List<Reading> readings = readings(preparation.inputs(), preparation.outputs().get(0));
    return new ChainStep(chain, readings);
  }
}
