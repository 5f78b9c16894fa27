package io.sparkonnx.engine.device;

/**
 * What a device was measured to do, best of a few runs.
 *
 * @param gigaFlops 10⁹ multiplications and additions of floats a second, by chains of fma
 * @param gigaBytes 10⁹ bytes a second read and written in its memory, by a copy
 */
public record DeviceSpeed(double gigaFlops, double gigaBytes) {
  private static final int RUNS = 3;
  private static final int GROUP = 64;
  private static final int CHAINS = 8;
  private static final int ITEMS = 1 << 14;
  private static final int STEPS = 512;
  private static final int COPIED = 1 << 22;

  private static final ProgramSource SOURCE =
      new ProgramSource(
          "speed",
          """
          kernel void chains(global float *y, int steps, float a, float b) {
            float x = (float)get_global_id(0);
            float8 s = (float8)(x, x + 1, x + 2, x + 3, x + 4, x + 5, x + 6, x + 7);
            for (int i = 0; i < steps; i++) s = fma(s, (float8)(a), (float8)(b));
            y[get_global_id(0)] = s.s0 + s.s1 + s.s2 + s.s3 + s.s4 + s.s5 + s.s6 + s.s7;
          }
          kernel void copy(global const float4 *x, global float4 *y) {
            y[get_global_id(0)] = x[get_global_id(0)];
          }
          """);

  /** Measures {@code device}; takes some tenths of a second and 32 MB of its memory. */
  public static DeviceSpeed of(Device device) {
    try (DeviceQueue queue = device.newQueue();
        DeviceBuffer from = device.allocate((long) Float.BYTES * COPIED);
        DeviceBuffer to = device.allocate((long) Float.BYTES * COPIED)) {
      long[] group = {GROUP};
      double chains =
          seconds(
              queue,
              () ->
                  queue.run(
                      SOURCE, "chains", new long[] {ITEMS}, group, to, STEPS, 0.999f, 0.001f));
      double copy =
          seconds(queue, () -> queue.run(SOURCE, "copy", new long[] {COPIED / 4}, group, from, to));
      return new DeviceSpeed(
          2e-9 * CHAINS * ITEMS * STEPS / chains, 2e-9 * Float.BYTES * COPIED / copy);
    }
  }

  private static double seconds(DeviceQueue queue, Runnable work) {
    work.run();
    queue.finish();
    long best = Long.MAX_VALUE;
    for (int run = 0; run < RUNS; run++) {
      long start = System.nanoTime();
      work.run();
      queue.finish();
      best = Math.min(best, System.nanoTime() - start);
    }
    return best * 1e-9;
  }
}
