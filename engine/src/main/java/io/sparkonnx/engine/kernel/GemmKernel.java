package io.sparkonnx.engine.kernel;

/**
 * Matrix product of floats, C[m, n] = epilogue(Σₖ A[m, k]·B[k, n]): for every element one chain of
 * fma ascending in k from 0, through all blocks, whatever m, n or the tile it falls into.
 *
 * <p>B is packed, once for constant weights, or per call into scratch for activations. A is read
 * with strides and packed by the kernel in blocks where that pays.
 */
public interface GemmKernel {
  /** B in the kernel's own form. Immutable, shared by all tasks. */
  interface PackedB {
    int k();

    int n();

    /** Bytes held. */
    long bytes();
  }

  /** A in the kernel's own form. Immutable, shared by all tasks. */
  interface PackedA {
    int m();

    int k();

    /** Bytes held. */
    long bytes();
  }

  /**
   * A product of a chain.
   *
   * @param weights the left factor
   * @param epilogue what happens to the product; a bias goes by rows
   */
  record Layer(PackedA weights, Epilogue epilogue) {}

  /** Packs {@code B[k, n]}, element (p, j) at {@code b[offset + p·rowStride + j·columnStride]}. */
  PackedB pack(float[] b, int offset, int k, int n, int rowStride, int columnStride);

  /**
   * C = epilogue(A·B) for packed B. A's element (i, p) is {@code a[aOffset + i·aRowStride +
   * p·aColumnStride]}; C's element (i, j) is {@code c[cOffset + i·cRowStride + j]}. Zero m, n or k
   * are allowed (k = 0 gives epilogue(0)).
   */
  void multiply(
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
      Scratch scratch);

  /** Packs {@code A[m, k]}, element (i, p) at {@code a[offset + i·rowStride + p·columnStride]}. */
  PackedA packLeft(float[] a, int offset, int m, int k, int rowStride, int columnStride);

  /**
   * C = epilogue(A·B) for packed A. B's element (p, j) is {@code b[bOffset + p·bRowStride + j]}.
   */
  void multiplyLeft(
      PackedA a,
      int n,
      float[] b,
      int bOffset,
      int bRowStride,
      Epilogue epilogue,
      float[] c,
      int cOffset,
      int cRowStride,
      Scratch scratch);

  /**
   * C = Cₗ of the last layer l, where Cₗ = epilogueₗ(Aₗ·Cₗ₋₁) and C₋₁ = B, whose element (p, j) is
   * {@code b[bOffset + p·bRowStride + j·bColumnStride]}.
   *
   * @param layers one at least; each has as many rows as the next one has columns
   */
  void multiplyChain(
      Layer[] layers,
      int n,
      float[] b,
      int bOffset,
      int bRowStride,
      int bColumnStride,
      float[] c,
      int cOffset,
      int cRowStride,
      Scratch scratch);

  /**
   * C = epilogue(A·B) for A and B as they lie in memory, B's element (p, j) at {@code b[bOffset +
   * p·bRowStride + j·bColumnStride]}.
   */
  void multiply(
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
      Scratch scratch);
}
