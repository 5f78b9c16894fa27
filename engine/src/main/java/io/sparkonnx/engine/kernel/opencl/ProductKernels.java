package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceQueue;
import java.util.ArrayList;
import java.util.List;

/** Matrix products as {@link io.sparkonnx.engine.kernel.GemmKernel} computes them. */
public final class ProductKernels {
  private ProductKernels() {}

  /**
   * Where a matrix lies, or one per layer.
   *
   * @param array its memory; may be of float16
   * @param rowStride distance of rows
   * @param columnStride distance of columns
   * @param layerStride distance of layers; 0 for one matrix for all
   */
  public record Matrix(DeviceArray array, int rowStride, int columnStride, int layerStride) {}

  /**
   * C[layer] = epilogue(A[layer]·B[layer]), A[m, k] and B[k, n]; C is contiguous, its layers one
   * behind the other.
   */
  public static void multiply(
      DeviceQueue queue,
      int layers,
      int m,
      int n,
      int k,
      Matrix a,
      Matrix b,
      DeviceArray c,
      DeviceEpilogue epilogue) {
    Launch.tiles(queue, "gemm", m, n, layers, arguments(m, n, k, a, b, c, epilogue));
    epilogue.finish(queue, c, layers * m * n);
  }

  /** What the kernel takes. */
  static Object[] arguments(
      int m, int n, int k, Matrix a, Matrix b, DeviceArray c, DeviceEpilogue epilogue) {
    List<Object> arguments = new ArrayList<>(List.of(m, n, k));
    add(arguments, a);
    add(arguments, b);
    arguments.addAll(List.of(c.buffer(), c.offset(), n, m * n));
    arguments.addAll(epilogue.arguments(c));
    return arguments.toArray();
  }

  private static void add(List<Object> arguments, Matrix matrix) {
    arguments.add(matrix.array().buffer());
    arguments.add(matrix.array().offset());
    arguments.add(matrix.array().half() ? 1 : 0);
    arguments.add(matrix.rowStride());
    arguments.add(matrix.columnStride());
    arguments.add(matrix.layerStride());
  }
}
