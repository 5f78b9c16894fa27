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

  /** A movement as copies that depend on shapes alone. */
  @FunctionalInterface
  interface Layout {
    /** The copies; parameters as for {@link Movement#move}. */
    Copies copies(StepContext context, Tensor[] data, Tensor[] outputs);
  }

  /**
   * The step that runs a movement.
   *
   * @param operator whose shape rule gives the outputs' sizes for strings
   * @param moved indices of the inputs whose elements move; all where none are named
   */
  static Step step(Operator operator, Movement movement, int... moved) {
    return context -> {
      Moved tensors = Moved.of(context, moved);
      try {
        if (tensors.data[0].type() == ElementType.STRING) {
          moveStrings(operator, context, tensors.data, tensors.outputs, movement);
        } else {
          tensors.open(context);
          movement.move(context, tensors.data, tensors.outputs);
        }
      } finally {
        tensors.leave();
      }
    };
  }

  /**
   * The step that runs the copies of a layout, which is asked once for each set of shapes.
   *
   * @param operator whose shape rule gives the outputs' sizes for strings
   * @param moved indices of the inputs whose elements move; all where none are named
   */
  static Step copying(Operator operator, Layout layout, int... moved) {
    Step asking = step(operator, movement(layout), moved);
    return context -> {
      if (context.input(moved.length == 0 ? 0 : moved[0]).type() == ElementType.STRING) {
        asking.run(context);
        return;
      }
      Moved tensors = Moved.of(context, moved);
      try {
        tensors.open(context);
        if (tensors.copies == null) {
          tensors.copies = layout.copies(context, tensors.data, tensors.outputs);
        }
        tensors.copies.run(tensors.data, tensors.outputs);
      } finally {
        tensors.leave();
      }
    };
  }

  /** The movement that asks a layout every time. */
  static Movement movement(Layout layout) {
    return (context, data, outputs) -> layout.copies(context, data, outputs).run(data, outputs);
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
