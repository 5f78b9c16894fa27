package io.sparkonnx.benchmarks;

import io.sparkonnx.engine.device.Device;
import io.sparkonnx.engine.device.DeviceBuffer;
import io.sparkonnx.engine.device.DeviceInfo;
import io.sparkonnx.engine.device.DeviceQueue;
import io.sparkonnx.engine.device.Devices;
import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.GemmKernel;
import io.sparkonnx.engine.kernel.KernelProvider;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.kernel.opencl.DeviceEpilogue;
import io.sparkonnx.engine.kernel.opencl.ProductKernels;
import io.sparkonnx.engine.kernel.opencl.ProductKernels.Matrix;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Times the product of two square matrices of floats that lie on a device. Arguments are the
 * device's id and the number of rounds.
 */
public final class GemmMain {
  private static final int[] SIZES = {256, 512, 1024, 2048, 4096};
  private static final double LIMIT_SECONDS = 2;

  private GemmMain() {}

  public static void main(String[] args) {
    try (Device device = Devices.open(args[0])) {
      Measures.print("gemm", measure(device, SIZES, LIMIT_SECONDS, Integer.parseInt(args[1])));
    }
  }

  /**
   * Measures the largest size that takes no longer than a limit, and compares its result first.
   *
   * @param limit seconds
   */
  static Map<String, Object> measure(Device device, int[] sizes, double limit, int rounds) {
    try (DeviceQueue queue = device.newQueue()) {
      int size =
          TimeBudget.largest(
              fitting(device.info(), sizes), limit, GemmMain::flops, n -> seconds(queue, n));
      try (Product product = new Product(queue, size)) {
        product.requireCpuResult();
        int runs = TimeBudget.runs(product.seconds(1));
        double[] rates = new double[rounds];
        for (int round = 0; round < rounds; round++) {
          rates[round] = 1e-9 * flops(size) * runs / product.seconds(runs);
        }
        Map<String, Object> measures = new LinkedHashMap<>();
        measures.put("size", size);
        measures.put("GFLOP/s", Rounds.median(rates));
        return measures;
      }
    }
  }

  private static int[] fitting(DeviceInfo device, int[] sizes) {
    return IntStream.of(sizes)
        .filter(
            n -> bytes(n) <= device.maxAllocationBytes() && 3 * bytes(n) <= device.memoryBytes())
        .toArray();
  }

  private static long bytes(int size) {
    return (long) Float.BYTES * size * size;
  }

  private static double flops(int size) {
    return 2.0 * size * size * size;
  }

  private static double seconds(DeviceQueue queue, int size) {
    try (Product product = new Product(queue, size)) {
      return product.seconds(1);
    }
  }

  /** C = A·B, all of one size and on the device. */
  private static final class Product implements AutoCloseable {
    private final DeviceQueue queue;
    private final int size;
    private final float[] a;
    private final float[] b;
    private final DeviceBuffer first;
    private final DeviceBuffer second;
    private final DeviceBuffer result;

    Product(DeviceQueue queue, int size) {
      this.queue = queue;
      this.size = size;
      Random random = new Random(size);
      a = normal(random, size * size);
      b = normal(random, size * size);
      first = queue.device().allocate(bytes(size));
      second = queue.device().allocate(bytes(size));
      result = queue.device().allocate(bytes(size));
      queue.write(first, 0, a, 0, a.length);
      queue.write(second, 0, b, 0, b.length);
    }

    private static float[] normal(Random random, int length) {
      float[] values = new float[length];
      for (int i = 0; i < length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return values;
    }

    double seconds(int runs) {
      return TimeBudget.seconds(
          () -> {
            for (int run = 0; run < runs; run++) {
              ProductKernels.multiply(
                  queue,
                  1,
                  size,
                  size,
                  size,
                  rows(first),
                  rows(second),
                  new DeviceArray(result, 0),
                  DeviceEpilogue.IDENTITY);
            }
            queue.finish();
          });
    }

    private Matrix rows(DeviceBuffer buffer) {
      return new Matrix(new DeviceArray(buffer, 0), size, 1, 0);
    }

    void requireCpuResult() {
      seconds(1);
      float[] actual = new float[size * size];
      queue.read(result, 0, actual, 0, actual.length);
      float[] expected = new float[size * size];
      GemmKernel gemm = KernelProvider.best().gemm();
      gemm.multiply(
          size,
          a,
          0,
          size,
          1,
          gemm.pack(b, 0, size, size, size, 1),
          Epilogue.IDENTITY,
          expected,
          0,
          size,
          new Scratch());
      Agreement.on(queue.device().info())
          .require("C", Tensor.of(expected, size, size), Tensor.of(actual, size, size));
    }

    @Override
    public void close() {
      first.close();
      second.close();
      result.close();
    }
  }
}
