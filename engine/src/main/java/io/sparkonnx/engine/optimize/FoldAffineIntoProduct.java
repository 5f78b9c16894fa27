package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.EndsInActivation;
import io.sparkonnx.engine.op.matrix.Gemm;
import io.sparkonnx.engine.op.matrix.MatMul;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import java.util.List;

/**
 * Folds constants per column behind a matrix product into its right factor and its bias.
 *
 * <pre>
 * MatMul(A, B) → Add(·, c[N])                          ⇒  MatMul(A, B, c)
 * Gemm(A, B, C) → Add(·, c[N])                         ⇒  Gemm(A, B, beta·C + c)
 * MatMul | Gemm → Mul | Div | Sub | ChannelAffine      ⇒  likewise with scale·B
 * </pre>
 *
 * Needs a bias so far that is constant per column or absent, a constant B unless the factor is one,
 * and no other reader between.
 */
final class FoldAffineIntoProduct implements Rewrite {
  @Override
  public void apply(GraphEditor editor) {
    for (Node node : editor.nodes()) {
      boolean product = node.operator() instanceof Gemm || node.operator() instanceof MatMul;
      if (product && editor.contains(node)) {
        fold(editor, node, (EndsInActivation) node.operator());
      }
    }
  }

  private static void fold(GraphEditor editor, Node node, EndsInActivation operator) {
    Node reader = Match.onlyReader(editor, node);
    boolean plain = operator.activation().isNone() && Match.isFloat(editor, node.output(0));
    if (reader == null || !plain || !hasColumns(editor, node)) {
      return;
    }
    Shape shape = editor.info(node.output(0)).shape();
    int axis = shape.rank() - 1;
    Affine affine = Affine.of(editor, reader, node.output(0), axis);
    if (affine == null) {
      return;
    }
    int columns = Math.toIntExact(shape.dim(axis).value());
    double[] bias = null;
    if (node.hasInput(2)) {
      FloatTensor old = Match.floats(editor, node.input(2));
      bias = old == null ? null : Affine.perChannel(old, 1, 2, columns);
      if (bias == null) {
        return;
      }
    }
    List<String> inputs = node.inputs();
    if (affine.scale() != null) {
      FloatTensor b = Match.floats(editor, node.input(1));
      if (b == null) {
        return;
      }
      boolean rows = operator instanceof Gemm gemm && gemm.transB();
      Tensor scaled = scaled(b, columns, rows, affine);
      inputs = Match.with(inputs, 1, editor.addConstant(node.input(1) + "_folded", scaled));
    }
    Tensor folded = Tensor.of(affine.bias(scaledByBeta(operator, bias), columns), columns);
    inputs = Match.with(inputs, 2, editor.addConstant(node.name() + "_bias", folded));
    EndsInActivation unit = operator instanceof Gemm gemm ? gemm.withBeta(1f) : operator;
    Match.merge(
        editor,
        node,
        reader,
        new Node(node.name(), unit.withActivation(affine.activation()), inputs, reader.outputs()));
  }

  /** Whether the last axis of the output counts the columns of the right factor. */
  private static boolean hasColumns(GraphEditor editor, Node node) {
    return Match.isFloat(editor, node.input(1)) && editor.info(node.input(1)).shape().rank() >= 2;
  }

  private static double[] scaledByBeta(EndsInActivation operator, double[] bias) {
    if (bias != null && operator instanceof Gemm gemm) {
      for (int i = 0; i < bias.length; i++) {
        bias[i] *= gemm.beta();
      }
    }
    return bias;
  }

  /** B with each column (or, where B is transposed, each row) multiplied by its factor. */
  private static Tensor scaled(FloatTensor b, int columns, boolean rows, Affine affine) {
    float[] values = b.toArray();
    int k = columns == 0 ? 0 : values.length / columns;
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] * affine.scale(rows ? i / k : i % columns));
    }
    return Tensor.of(values, b.dims());
  }
}
