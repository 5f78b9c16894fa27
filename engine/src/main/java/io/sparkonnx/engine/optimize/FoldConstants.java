package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.kernel.KernelProvider;
import io.sparkonnx.engine.op.Evaluation;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Evaluates what does not depend on the model's inputs.
 *
 * <pre>
 * Transpose(constant)            ⇒  constant
 * Shape(X[batch, 3, 32]) → Gather(·, 1)  ⇒  constant 3
 * </pre>
 *
 * A node is evaluated where all its inputs are constant, equal inputs give equal outputs, and the
 * outputs are not much larger than the inputs; a value is made constant where inference knows all
 * of its elements. A node that fails stays, to fail when the model runs.
 */
final class FoldConstants implements Rewrite {
  /** Outputs up to this size are folded however small the inputs are. */
  private static final long ALWAYS_BYTES = 1L << 20;

  /** Larger ones only up to this multiple of the inputs' size. */
  private static final long GROWTH = 4;

  @Override
  public void apply(GraphEditor editor) {
    Set<String> folded = new HashSet<>();
    for (Node node : editor.nodes()) {
      List<Tensor> known = contents(editor, node);
      if (known == null) {
        known = evaluate(editor, node, folded);
      }
      if (known != null) {
        define(editor, node, known);
        folded.addAll(node.outputs());
      }
    }
  }

  private static void define(GraphEditor editor, Node node, List<Tensor> values) {
    editor.remove(node);
    for (int i = 0; i < values.size(); i++) {
      if (!node.output(i).isEmpty()) {
        editor.defineConstant(node.output(i), values.get(i));
      }
    }
  }

  /** The outputs where inference knows every element of all, else null. */
  private static List<Tensor> contents(GraphEditor editor, Node node) {
    List<Tensor> values = new ArrayList<>();
    for (String output : node.outputs()) {
      ValueInfo info = editor.info(output);
      long[] contents = info == null ? null : info.constantContents();
      if (contents == null || !info.shape().isConstant() || info.constant() != null) {
        return null;
      }
      Tensor tensor = tensor(info.element(), contents, info.shape().values());
      if (tensor == null) {
        return null;
      }
      values.add(tensor);
    }
    return values;
  }

  private static Tensor tensor(ElementType type, long[] contents, int[] dims) {
    if (type == ElementType.INT64) {
      return Tensor.of(contents, dims);
    }
    if (type != ElementType.INT32) {
      return null;
    }
    int[] narrow = new int[contents.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (int) contents[i];
    }
    return Tensor.of(narrow, dims);
  }

  private static List<Tensor> evaluate(GraphEditor editor, Node node, Set<String> folded) {
    if (!node.operator().deterministic()) {
      return null;
    }
    List<Tensor> inputs = new ArrayList<>();
    long bytes = 0;
    for (String input : node.inputs()) {
      Tensor constant =
          folded.contains(input) ? editor.constant(input) : Match.constant(editor, input);
      if (constant == null && !input.isEmpty()) {
        return null;
      }
      inputs.add(constant);
      bytes += constant == null ? 0 : bytes(constant.type(), Shape.of(constant.dims()));
    }
    return isSmall(editor, node, bytes) ? run(node, inputs) : null;
  }

  private static boolean isSmall(GraphEditor editor, Node node, long inputBytes) {
    long bytes = 0;
    for (String output : node.outputs()) {
      ValueInfo info = editor.info(output);
      if (!output.isEmpty()) {
        if (info == null || !info.isTensor() || !info.shape().isConstant()) {
          return false;
        }
        bytes += bytes(info.element(), info.shape());
      }
    }
    return bytes <= Math.max(ALWAYS_BYTES, GROWTH * inputBytes);
  }

  private static long bytes(ElementType type, Shape shape) {
    return shape.size().value() * type.width() * type.storage().bytes();
  }

  private static List<Tensor> run(Node node, List<Tensor> inputs) {
    List<OnnxValue> outputs;
    try {
      outputs =
          Evaluation.run(
              node.label(), node.operator(), KernelProvider.best(), inputs, node.outputs().size());
    } catch (OnnxException impossible) {
      return null;
    }
    List<Tensor> tensors = new ArrayList<>();
    for (OnnxValue output : outputs) {
      if (!(output instanceof Tensor tensor)) {
        return null;
      }
      tensors.add(tensor);
    }
    return tensors;
  }
}
