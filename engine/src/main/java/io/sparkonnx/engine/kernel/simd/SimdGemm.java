package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Tiles.WIDTH;

import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.GemmKernel;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.UnaryKernel;

/**
 * {@link GemmKernel} on the Vector API. B lies in column panels, A is packed block by block into
 * row panels, and {@link Tiles} multiplies them; vectors run over columns. Products with fewer
 * columns than a vector has lanes go to {@link NarrowGemm}, where vectors run over rows.
 */
public final class SimdGemm implements GemmKernel {
  /** Steps per block: a row panel this long stays in the first-level cache. */
  private static final int BLOCK_STEPS = 256;

  /** Rows per block: the packed block of A takes a fifth of a 1 MiB second-level cache. */
  private static final int BLOCK_ROWS = 224;

  /** Elements of B that are worked on before the next rows' turn: half the second-level cache. */
  private static final int BLOCK_ELEMENTS = 128 * 1024;

  /** Longest chain for which an unpacked B is read in place. */
  private static final int MAX_STEPS_IN_PLACE = 1024;

  private final SimdEpilogue epilogues;
  private final NarrowGemm narrow;
  private final LeftGemm left;
  private final LeftChain chain;

  /**
   * @param unary evaluates the epilogues' activations
   */
  public SimdGemm(UnaryKernel unary) {
    this.epilogues = new SimdEpilogue(unary);
    this.narrow = new NarrowGemm(epilogues);
    this.left = new LeftGemm(epilogues);
    this.chain = new LeftChain(left);
  }

  /**
   * B in column panels and, where it is narrow, also transposed in row panels.
   *
   * @param transposed null for n of a vector or more
   */
  private record Panels(int k, int n, float[] columns, float[] transposed) implements PackedB {
    @Override
    public long bytes() {
      return 4L * (columns.length + (transposed == null ? 0 : transposed.length));
    }
  }

  @Override
  public PackedB pack(float[] b, int offset, int k, int n, int rowStride, int columnStride) {
    float[] columns = new float[ColumnPanels.length(k, n)];
    ColumnPanels.pack(k, n, b, offset, rowStride, columnStride, columns, 0);
    float[] transposed = null;
    if (n < COUNT) {
      transposed = new float[n * k];
      RowPanels.pack(n, k, b, offset, columnStride, rowStride, transposed, 0);
    }
    return new Panels(k, n, columns, transposed);
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
    Panels panels = (Panels) b;
    int n = panels.n();
    int k = panels.k();
    Output output = Output.in(scratch).set(epilogue, c, cOffset, cRowStride);
    if (n > 0 && n < COUNT && aColumnStride == 1) {
      narrow.multiplyRows(m, n, k, a, aOffset, aRowStride, panels.columns(), output, scratch);
    } else if (n < COUNT && m >= COUNT) {
      narrow.multiply(
          m, n, k, a, aOffset, aRowStride, aColumnStride, panels.transposed(), output, scratch);
    } else {
      multiplyPanels(
          m, n, k, a, aOffset, aRowStride, aColumnStride, panels.columns(), output, scratch);
    }
    output.leave();
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
    Output output = Output.in(scratch).set(epilogue, c, cOffset, cRowStride);
    if (n > 0 && n < COUNT && aColumnStride == 1) {
      float[] columns = scratch.floats(1, ColumnPanels.length(k, n));
      ColumnPanels.pack(k, n, b, bOffset, bRowStride, bColumnStride, columns, 0);
      narrow.multiplyRows(m, n, k, a, aOffset, aRowStride, columns, output, scratch);
    } else if (n < COUNT && m >= COUNT) {
      float[] transposed = scratch.floats(1, n * k);
      RowPanels.pack(n, k, b, bOffset, bColumnStride, bRowStride, transposed, 0);
      narrow.multiply(m, n, k, a, aOffset, aRowStride, aColumnStride, transposed, output, scratch);
    } else if (bColumnStride == 1
        && n >= WIDTH
        && k <= MAX_STEPS_IN_PLACE
        && (m <= WIDTH || k * n <= BLOCK_ELEMENTS)) {
      multiplyInPlace(
          m, n, k, a, aOffset, aRowStride, aColumnStride, b, bOffset, bRowStride, output, scratch);
    } else {
      float[] columns = scratch.floats(1, ColumnPanels.length(k, n));
      ColumnPanels.pack(k, n, b, bOffset, bRowStride, bColumnStride, columns, 0);
      multiplyPanels(m, n, k, a, aOffset, aRowStride, aColumnStride, columns, output, scratch);
    }
    output.leave();
  }

  @Override
  public PackedA packLeft(float[] a, int offset, int m, int k, int rowStride, int columnStride) {
    return LeftGemm.pack(a, offset, m, k, rowStride, columnStride);
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
    Output output = Output.in(scratch).set(epilogue, c, cOffset, cRowStride);
    left.multiply(a, n, b, bOffset, bRowStride, output, scratch);
    output.leave();
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
    Epilogue last = layers[layers.length - 1].epilogue();
    Output output = Output.in(scratch).set(last, c, cOffset, cRowStride);
    chain.multiply(layers, n, b, bOffset, bRowStride, bColumnStride, output, scratch);
    output.leave();
  }

  /** Where a product goes and what is done to it; one is used for call after call. */
  static final class Output {
    private Epilogue epilogue;
    private float[] c;
    private int offset;
    private int rowStride;

    /** The task's output, which serves one product at a time. */
    static Output in(Scratch scratch) {
      return scratch.kept(Output.class, Output::new);
    }

    Output set(Epilogue newEpilogue, float[] newC, int newOffset, int newRowStride) {
      epilogue = newEpilogue;
      c = newC;
      offset = newOffset;
      rowStride = newRowStride;
      return this;
    }

    /** Lets go of the arrays. */
    void leave() {
      epilogue = null;
      c = null;
    }

    Epilogue epilogue() {
      return epilogue;
    }

    float[] c() {
      return c;
    }

    int offset() {
      return offset;
    }

    int rowStride() {
      return rowStride;
    }
  }

  private void multiplyPanels(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRowStride,
      int aColumnStride,
      float[] columns,
      Output output,
      Scratch scratch) {
    float[] edge = scratch.floats(2, Tiles.MAX_HEIGHT * WIDTH);
    boolean packed = m > 1 || aColumnStride != 1;
    for (int i0 = 0; i0 < m; i0 += BLOCK_ROWS) {
      int rows = Math.min(BLOCK_ROWS, m - i0);
      int p0 = 0;
      do {
        int steps = Math.min(BLOCK_STEPS, k - p0);
        boolean last = p0 + steps == k;
        float[] block = a;
        int blockOffset = aOffset + i0 * aRowStride + p0 * aColumnStride;
        if (packed) {
          block = scratch.floats(0, rows * steps);
          RowPanels.pack(rows, steps, a, blockOffset, aRowStride, aColumnStride, block, 0);
          blockOffset = 0;
        }
        int width = Math.max(1, BLOCK_ELEMENTS / (Math.max(1, steps) * WIDTH)) * WIDTH;
        for (int j0 = 0; j0 < n; j0 += width) {
          int count = Math.min(width, n - j0);
          int height;
          for (int i = 0; i < rows; i += height) {
            height = Tiles.height(rows - i);
            int to = output.offset + (i0 + i) * output.rowStride + j0;
            Strips.overPanels(
                height,
                count,
                steps,
                block,
                blockOffset + i * steps,
                columns,
                j0 * k + p0 * WIDTH,
                k * WIDTH,
                ColumnPanels.steps(),
                p0 == 0,
                output.c,
                to,
                output.rowStride,
                edge);
            if (last) {
              epilogues.apply(output, i0 + i, height, j0, count);
            }
          }
        }
        p0 += steps;
      } while (p0 < k);
    }
  }

  private void multiplyInPlace(
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
      Output output,
      Scratch scratch) {
    int[] steps = ColumnPanels.steps(scratch.ints(k), k, bRowStride);
    int height;
    for (int i = 0; i < m; i += height) {
      height = Tiles.height(m - i);
      int from = aOffset + i * aRowStride;
      float[] panel = scratch.floats(0, height * k);
      Interleaving.rows(height, k, a, from, aRowStride, aColumnStride, panel, 0, height);
      int to = output.offset + i * output.rowStride;
      Strips.overRows(height, n, k, panel, 0, b, bOffset, steps, output.c, to, output.rowStride);
      epilogues.apply(output, i, height, 0, n);
    }
  }
}
