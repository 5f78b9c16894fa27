package io.sparkonnx.engine.op.logic;

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
import io.sparkonnx.engine.op.elementwise.ArrayArithmetic;
import io.sparkonnx.engine.op.elementwise.Elements;
import io.sparkonnx.engine.op.elementwise.FollowedContents;
import io.sparkonnx.engine.op.elementwise.Types;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/** Not, of booleans, and BitwiseNot, of integers. */
record Complement(String type, Types types) implements Operator {

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType element = types.require(context, 0);
    boolean booleans = types == Types.BOOLEANS;
    return List.of(
        FollowedContents.map(
            context, element, x -> booleans ? Dim.ONE.minus(x) : x.times(-1).plus(-1)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.keepsAxis();
  }

  @Override
  public boolean canOverwrite(int input) {
    return true;
  }

  @Override
  public boolean looksAtTypes() {
    return true;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return DeviceForms.elements(preparation, types == Types.BOOLEANS ? "v0 ^ 1" : "~v0");
  }

  @Override
  public Step prepare(Preparation preparation) {
    long flipped = types == Types.BOOLEANS ? 1 : -1;
    return context -> flip(context, flipped);
  }

  private static void flip(StepContext context, long flipped) {
    Tensor x = context.input(0);
    Tensor y = context.output(0);
    long[] longs = new long[ArrayArithmetic.BLOCK];
    for (int start = 0; start < y.size(); start += longs.length) {
      int length = Math.min(longs.length, y.size() - start);
      Elements.load(x, x.offset() + start, 1, longs, 0, length);
      for (int i = 0; i < length; i++) {
        longs[i] ^= flipped;
      }
      Elements.store(longs, 0, y, y.offset() + start, length);
    }
  }
}
