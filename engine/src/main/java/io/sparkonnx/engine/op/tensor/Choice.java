package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ByteTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;

/**
 * Chooses element-wise between two tensors that are broadcast to the output's shape. For one
 * thread.
 */
final class Choice {
  private final ElementType.Storage storage;
  private final int[] dims;
  private final int[] testStrides;
  private final int[] yesStrides;
  private final int[] noStrides;
  private final int inner;
  private byte[] test;
  private Object yes;
  private Object no;
  private Object output;
  private int written;

  /** The choice between tensors of these shapes. */
  private Choice(ByteTensor test, Tensor yes, Tensor no, Tensor output) {
    this.storage = output.type().storage();
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
    this.inner = innermost();
  }

  static void choose(ByteTensor test, Tensor yes, Tensor no, Tensor output) {
    if (output.size() > 0) {
      new Choice(test, yes, no, output).run(test, yes, no, output);
    }
  }

  /** As above between inputs 1 and 2 by input 0, with what an earlier run kept. */
  static void choose(StepContext context) {
    ByteTensor test = (ByteTensor) context.input(0);
    Tensor output = context.output(0);
    if (output.size() == 0) {
      return;
    }
    Choice choice = (Choice) context.kept();
    if (choice == null) {
      choice = new Choice(test, context.input(1), context.input(2), output);
      context.keep(choice);
    }
    choice.run(test, context.input(1), context.input(2), output);
  }

  private void run(ByteTensor by, Tensor first, Tensor second, Tensor to) {
    test = by.array();
    yes = first.array();
    no = second.array();
    output = to.array();
    written = to.offset();
    walk(0, by.offset(), first.offset(), second.offset());
    test = null;
    yes = null;
    no = null;
    output = null;
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

  private void walk(int axis, int t, int y, int n) {
    if (axis == inner) {
      row(inner, t, y, n);
      written += dims[inner];
      return;
    }
    for (int i = 0; i < dims[axis]; i++) {
      walk(axis + 1, t + i * testStrides[axis], y + i * yesStrides[axis], n + i * noStrides[axis]);
    }
  }

  private void row(int axis, int t, int y, int n) {
    int count = dims[axis];
    int ts = testStrides[axis];
    int ys = yesStrides[axis];
    int ns = noStrides[axis];
    Object a = yes;
    Object b = no;
    Object to = output;
    if (ts == 0 && (test[t] != 0 ? ys : ns) == 1) {
      System.arraycopy(test[t] != 0 ? a : b, test[t] != 0 ? y : n, to, written, count);
      return;
    }
    switch (storage) {
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
