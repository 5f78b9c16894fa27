package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.kernel.KernelProvider;
import io.sparkonnx.engine.op.Evaluation;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
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
 * A node is evaluated where all its inputs are constant and equal inputs give equal outputs, as
 * long as the model does not grow too much; a value is made constant where inference knows all of
 * its elements. A node that fails stays, to fail when the model runs.
 */
final class FoldConstants implements Rewrite {
  /** Bytes by which one pass may make the model larger. */
  private static final long GROWTH_BYTES = 512L << 20;

  @Override
  public void apply(GraphEditor editor) {
    new Pass(editor).run();
  }

  /** One walk over a graph in the order of its nodes. */
  private static final class Pass {
    private final GraphEditor editor;
    private final Set<String> folded = new HashSet<>();
    private long growth;

    Pass(GraphEditor editor) {
      this.editor = editor;
    }

    void run() {
      for (Node node : editor.nodes()) {
        List<Tensor> values = known(editor, node);
        if (values == null) {
          values = evaluated(node);
        }
        if (values != null) {
          editor.remove(node);
          define(node, values);
        }
      }
    }

    private void define(Node node, List<Tensor> values) {
      for (int i = 0; i < values.size(); i++) {
        if (!node.output(i).isEmpty()) {
          editor.defineConstant(node.output(i), values.get(i));
          folded.add(node.output(i));
        }
      }
    }

    private List<Tensor> evaluated(Node node) {
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
        bytes += constant == null ? 0 : bytes(constant.type(), constant.size());
      }
      long outputs = outputBytes(editor, node);
      if (outputs < 0 || growth + Math.max(0, outputs - bytes) > GROWTH_BYTES) {
        return null;
      }
      growth += Math.max(0, outputs - bytes);
      return FoldConstants.run(node, inputs);
    }
  }

  /** The outputs where inference knows every element of all, else null. */
  private static List<Tensor> known(GraphEditor editor, Node node) {
    List<Tensor> values = new ArrayList<>();
    for (String output : node.outputs()) {
      ValueInfo info = editor.info(output);
      Tensor tensor = info == null ? null : info.constant();
      long[] contents = info == null ? null : info.constantContents();
      if (tensor == null && contents != null && info.shape().isConstant()) {
        tensor = tensor(info.element(), contents, info.shape().values());
      }
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

  /** Bytes of all outputs, or −1 where they are not known or too many for an array. */
  private static long outputBytes(GraphEditor editor, Node node) {
    long bytes = 0;
    for (String output : node.outputs()) {
      ValueInfo info = editor.info(output);
      if (!output.isEmpty()) {
        boolean sized = info != null && info.isTensor() && info.shape().isConstant();
        long size = sized ? info.shape().size().value() : -1;
        if (size < 0 || size > Integer.MAX_VALUE) {
          return -1;
        }
        bytes += bytes(info.element(), size);
      }
    }
    return bytes;
  }

  private static long bytes(ElementType type, long size) {
    return size * type.width() * type.storage().bytes();
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
