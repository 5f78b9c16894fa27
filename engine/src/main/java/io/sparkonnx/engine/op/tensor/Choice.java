package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.tensor.ByteTensor;
import io.sparkonnx.engine.tensor.Tensor;

/** Chooses element-wise between two tensors that are broadcast to the output's shape. */
final class Choice {
  private final byte[] test;
  private final Tensor yes;
  private final Tensor no;
  private final Tensor output;
  private final int[] dims;
  private final int[] testStrides;
  private final int[] yesStrides;
  private final int[] noStrides;
  private int written;

  private Choice(ByteTensor test, Tensor yes, Tensor no, Tensor output) {
    this.test = test.array();
    this.yes = yes;
    this.no = no;
    this.output = output;
    int width = output.type().width();
    int rank = output.rank();
    int[] shape = output.dims();
    this.dims = new int[rank + 1];
    this.testStrides = new int[rank + 1];
    this.yesStrides = new int[rank + 1];
    this.noStrides = new int[rank + 1];
    int[] t = Expand.broadcastStrides(test, shape);
    int[] y = Expand.broadcastStrides(yes, shape);
    int[] n = Expand.broadcastStrides(no, shape);
    for (int i = 0; i < rank; i++) {
      dims[i] = shape[i];
      testStrides[i] = t[i];
      yesStrides[i] = y[i] * width;
      noStrides[i] = n[i] * width;
    }
    dims[rank] = width;
    yesStrides[rank] = 1;
    noStrides[rank] = 1;
    written = output.offset();
  }

  static void choose(ByteTensor test, Tensor yes, Tensor no, Tensor output) {
    if (output.size() == 0) {
      return;
    }
    Choice choice = new Choice(test, yes, no, output);
    int inner = choice.innermost();
    choice.walk(0, inner, test.offset(), yes.offset(), no.offset());
  }

  /** Merges axes from the end as long as all operands walk them evenly; the last merged one. */
  private int innermost() {
    int at = dims.length - 1;
    if (dims[at] == 1 && at > 0) {
      at--;
    }
    while (at > 0
        && testStrides[at - 1] == testStrides[at] * dims[at]
        && yesStrides[at - 1] == yesStrides[at] * dims[at]
        && noStrides[at - 1] == noStrides[at] * dims[at]) {
      dims[at - 1] *= dims[at];
      testStrides[at - 1] = testStrides[at];
      yesStrides[at - 1] = yesStrides[at];
      noStrides[at - 1] = noStrides[at];
      at--;
    }
    return at;
  }

  private void walk(int axis, int inner, int t, int y, int n) {
    if (axis == inner) {
      row(inner, t, y, n);
      written += dims[inner];
      return;
    }
    for (int i = 0; i < dims[axis]; i++) {
      walk(
          axis + 1,
          inner,
          t + i * testStrides[axis],
          y + i * yesStrides[axis],
          n + i * noStrides[axis]);
    }
  }

  private void row(int axis, int t, int y, int n) {
    int count = dims[axis];
    int ts = testStrides[axis];
    int ys = yesStrides[axis];
    int ns = noStrides[axis];
    Object a = yes.array();
    Object b = no.array();
    Object to = output.array();
    if (ts == 0 && (test[t] != 0 ? ys : ns) == 1) {
      System.arraycopy(test[t] != 0 ? a : b, test[t] != 0 ? y : n, to, written, count);
      return;
    }
    switch (output.type().storage()) {
      case FLOAT ->
          row(test, t, ts, (float[]) a, y, ys, (float[]) b, n, ns, (float[]) to, written, count);
      case DOUBLE ->
          row(test, t, ts, (double[]) a, y, ys, (double[]) b, n, ns, (double[]) to, written, count);
      case INT -> row(test, t, ts, (int[]) a, y, ys, (int[]) b, n, ns, (int[]) to, written, count);
      case LONG ->
          row(test, t, ts, (long[]) a, y, ys, (long[]) b, n, ns, (long[]) to, written, count);
      case SHORT ->
          row(test, t, ts, (short[]) a, y, ys, (short[]) b, n, ns, (short[]) to, written, count);
      case BYTE ->
          row(test, t, ts, (byte[]) a, y, ys, (byte[]) b, n, ns, (byte[]) to, written, count);
      case STRING -> throw new IllegalArgumentException("strings move as indices");
    }
  }

  private static void row(
      byte[] test,
      int t,
      int ts,
      float[] yes,
      int y,
      int ys,
      float[] no,
      int n,
      int ns,
      float[] to,
      int at,
      int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = test[t + i * ts] != 0 ? yes[y + i * ys] : no[n + i * ns];
    }
  }

  private static void row(
      byte[] test,
      int t,
      int ts,
      double[] yes,
      int y,
      int ys,
      double[] no,
      int n,
      int ns,
      double[] to,
      int at,
      int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = test[t + i * ts] != 0 ? yes[y + i * ys] : no[n + i * ns];
    }
  }

  private static void row(
      byte[] test,
      int t,
      int ts,
      int[] yes,
      int y,
      int ys,
      int[] no,
      int n,
      int ns,
      int[] to,
      int at,
      int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = test[t + i * ts] != 0 ? yes[y + i * ys] : no[n + i * ns];
    }
  }

  private static void row(
      byte[] test,
      int t,
      int ts,
      long[] yes,
      int y,
      int ys,
      long[] no,
      int n,
      int ns,
      long[] to,
      int at,
      int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = test[t + i * ts] != 0 ? yes[y + i * ys] : no[n + i * ns];
    }
  }

  private static void row(
      byte[] test,
      int t,
      int ts,
      short[] yes,
      int y,
      int ys,
      short[] no,
      int n,
      int ns,
      short[] to,
      int at,
      int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = test[t + i * ts] != 0 ? yes[y + i * ys] : no[n + i * ns];
    }
  }

  private static void row(
      byte[] test,
      int t,
      int ts,
      byte[] yes,
      int y,
      int ys,
      byte[] no,
      int n,
      int ns,
      byte[] to,
      int at,
      int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = test[t + i * ts] != 0 ? yes[y + i * ys] : no[n + i * ns];
    }
  }
}
