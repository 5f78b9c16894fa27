package io.sparkonnx.engine.kernel.scalar;

import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.GemmKernel;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.UnaryKernel;

/**
 * {@link GemmKernel} in plain Java. B lies in panels of {@value #WIDTH} columns, row after row, the
 * last panel filled up with zeros; {@value #WIDTH} chains of fma run side by side.
 */
public final class ScalarGemm implements GemmKernel {
  static final int WIDTH = 8;

  private final ScalarEpilogue epilogues;

  /**
   * @param unary evaluates the epilogues' activations
   */
  public ScalarGemm(UnaryKernel unary) {
    this.epilogues = new ScalarEpilogue(unary);
  }

  private record Panels(int k, int n, float[] data) implements PackedB {
    @Override
    public long bytes() {
      return 4L * data.length;
    }
  }

  @Override
  public PackedB pack(float[] b, int offset, int k, int n, int rowStride, int columnStride) {
    float[] panels = new float[panelLength(k, n)];
    fill(panels, b, offset, k, n, rowStride, columnStride);
    return new Panels(k, n, panels);
  }

  @Override
  public void multiply(
      int m,
      float[] a,
      int aOffset,
      int aRowStride,
      int aColumnStride,
      PackedB b,
      Epilogue epilogue,
      float[] c,
      int cOffset,
      int cRowStride,
      Scratch scratch) {
    float[] panels = ((Panels) b).data();
    run(
        m,
        b.n(),
        b.k(),
        a,
        aOffset,
        aRowStride,
        aColumnStride,
        panels,
        epilogue,
        c,
        cOffset,
        cRowStride);
  }

  private record Rows(int m, int k, float[] data) implements PackedA {
    @Override
    public long bytes() {
      return 4L * data.length;
    }
  }

  @Override
  public PackedA packLeft(float[] a, int offset, int m, int k, int rowStride, int columnStride) {
    float[] rows = new float[Math.multiplyExact(m, k)];
    for (int i = 0; i < m; i++) {
      for (int p = 0; p < k; p++) {
        rows[i * k + p] = a[offset + i * rowStride + p * columnStride];
      }
    }
    return new Rows(m, k, rows);
  }

  @Override
  public void multiplyLeft(
      PackedA a,
      int n,
      float[] b,
      int bOffset,
      int bRowStride,
      Epilogue epilogue,
      float[] c,
      int cOffset,
      int cRowStride,
      Scratch scratch) {
    float[] rows = ((Rows) a).data();
    multiply(
        a.m(),
        n,
        a.k(),
        rows,
        0,
        a.k(),
        1,
        b,
        bOffset,
        bRowStride,
        1,
        epilogue,
        c,
        cOffset,
        cRowStride,
        scratch);
  }

  @Override
  public void multiplyChain(
      Layer[] layers,
      int n,
      float[] b,
      int bOffset,
      int bRowStride,
      int bColumnStride,
      float[] c,
      int cOffset,
      int cRowStride,
      Scratch scratch) {
    float[] right = b;
    for (int l = 0; l < layers.length; l++) {
      Rows left = (Rows) layers[l].weights();
      boolean first = l == 0;
      boolean last = l == layers.length - 1;
      float[] product = last ? c : scratch.floats(1 + l % 2, left.m() * n);
      multiply(
          left.m(),
          n,
          left.k(),
          left.data(),
          0,
          left.k(),
          1,
          right,
          first ? bOffset : 0,
          first ? bRowStride : n,
          first ? bColumnStride : 1,
          layers[l].epilogue(),
          product,
          last ? cOffset : 0,
          last ? cRowStride : n,
          scratch);
      right = product;
    }
  }

  @Override
  public void multiply(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRowStride,
      int aColumnStride,
      float[] b,
      int bOffset,
      int bRowStride,
      int bColumnStride,
      Epilogue epilogue,
      float[] c,
      int cOffset,
      int cRowStride,
      Scratch scratch) {
    float[] panels = scratch.floats(0, panelLength(k, n));
    fill(panels, b, bOffset, k, n, bRowStride, bColumnStride);
    run(m, n, k, a, aOffset, aRowStride, aColumnStride, panels, epilogue, c, cOffset, cRowStride);
  }

  private void run(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRowStride,
      int aColumnStride,
      float[] panels,
      Epilogue epilogue,
      float[] c,
      int cOffset,
      int cRowStride) {
    float[] sums = new float[WIDTH];
    for (int i = 0; i < m; i++) {
      int row = cOffset + i * cRowStride;
      for (int j = 0; j < n; j += WIDTH) {
        dots(a, aOffset + i * aRowStride, aColumnStride, k, panels, j * k, sums);
        System.arraycopy(sums, 0, c, row + j, Math.min(WIDTH, n - j));
      }
      epilogues.applyToRow(epilogue, i, c, row, n);
    }
  }

  /** The products of one row of A with the {@value #WIDTH} columns of a panel. */
  static void dots(
      float[] a, int offset, int stride, int k, float[] panel, int panelOffset, float[] sums) {
    float s0 = 0f;
    float s1 = 0f;
    float s2 = 0f;
    float s3 = 0f;
    float s4 = 0f;
    float s5 = 0f;
    float s6 = 0f;
    float s7 = 0f;
    for (int p = 0; p < k; p++) {
      float x = a[offset + p * stride];
      int at = panelOffset + p * WIDTH;
      s0 = Math.fma(x, panel[at], s0);
      s1 = Math.fma(x, panel[at + 1], s1);
      s2 = Math.fma(x, panel[at + 2], s2);
      s3 = Math.fma(x, panel[at + 3], s3);
      s4 = Math.fma(x, panel[at + 4], s4);
      s5 = Math.fma(x, panel[at + 5], s5);
      s6 = Math.fma(x, panel[at + 6], s6);
      s7 = Math.fma(x, panel[at + 7], s7);
    }
    sums[0] = s0;
    sums[1] = s1;
    sums[2] = s2;
    sums[3] = s3;
    sums[4] = s4;
    sums[5] = s5;
    sums[6] = s6;
    sums[7] = s7;
  }

  private static int panelLength(int k, int n) {
    return Math.multiplyExact(k, Math.multiplyExact((n + WIDTH - 1) / WIDTH, WIDTH));
  }

  private static void fill(
      float[] panels, float[] b, int offset, int k, int n, int rowStride, int columnStride) {
    for (int j = 0; j < n; j += WIDTH) {
      int columns = Math.min(WIDTH, n - j);
      for (int p = 0; p < k; p++) {
        int to = j * k + p * WIDTH;
        int from = offset + p * rowStride + j * columnStride;
        for (int lane = 0; lane < WIDTH; lane++) {
          panels[to + lane] = lane < columns ? b[from + lane * columnStride] : 0f;
        }
      }
    }
  }
}
