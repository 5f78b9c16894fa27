package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.Evaluation;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * A rearrangement of elements that never looks at them. For strings it runs on numbered elements
 * and the strings follow.
 */
@FunctionalInterface
interface Movement {
  /**
   * Fills {@code outputs} with elements of {@code data}.
   *
   * @param context for the other inputs and for errors
   * @param data the inputs whose elements move; null where the node leaves one out
   * @param outputs tensors of the inferred shapes; null where nobody reads one
   */
  void move(StepContext context, Tensor[] data, Tensor[] outputs);

  /**
   * The step that runs a movement.
   *
   * @param operator whose shape rule gives the outputs' sizes for strings
   * @param moved indices of the inputs whose elements move; all where none are named
   */
  static Step step(Operator operator, Movement movement, int... moved) {
    return context -> {
      Tensor[] data = new Tensor[moved.length == 0 ? context.inputs() : moved.length];
      for (int i = 0; i < data.length; i++) {
        data[i] = context.input(moved.length == 0 ? i : moved[i]);
      }
      Tensor[] outputs = new Tensor[context.outputs()];
      if (data[0].type() == ElementType.STRING) {
        moveStrings(operator, context, data, outputs, movement);
        return;
      }
      for (int i = 0; i < outputs.length; i++) {
        outputs[i] = context.wants(i) ? context.output(i) : null;
      }
      movement.move(context, data, outputs);
    };
  }

  private static void moveStrings(
      Operator operator,
      StepContext context,
      Tensor[] strings,
      Tensor[] outputs,
      Movement movement) {
    List<ValueInfo> shapes = shapes(operator, context);
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] =
          context.wants(i)
              ? Tensor.allocate(ElementType.INT32, shapes.get(i).shape().values())
              : null;
    }
    movement.move(context, StringIndices.number(strings), outputs);
    for (int i = 0; i < outputs.length; i++) {
      if (outputs[i] != null) {
        context.set(i, StringIndices.pick(strings, outputs[i]));
      }
    }
  }

  /** The shapes that the operator's own rule gives for the values that are there. */
  static List<ValueInfo> shapes(Operator operator, StepContext context) {
    List<ValueInfo> known = new ArrayList<>();
    for (int i = 0; i < context.inputs(); i++) {
      OnnxValue value = context.value(i);
      known.add(value == null ? null : Evaluation.infoOf(value));
    }
    return operator.infer(
        new InferenceContext(operator.type(), known, context.outputs(), () -> Dim.symbol("?")));
  }
}
