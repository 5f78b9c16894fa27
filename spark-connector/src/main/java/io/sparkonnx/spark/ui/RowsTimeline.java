package io.sparkonnx.spark.ui;

import java.util.Arrays;

/** Collects {@link RowsOverTime}; stretches become twice as long when there are too many. */
final class RowsTimeline {
  static final int STRETCHES = 240;

  private static final long FIRST_WIDTH = 1_000;

  private final double[] rows = new double[STRETCHES];
  private long start = -1;
  private long width = FIRST_WIDTH;
  private int used;

  /**
   * Adds rows that were scored evenly between two moments.
   *
   * @param from in milliseconds since 1970
   * @param to likewise, not before {@code from}
   */
  void add(long from, long to, double scored) {
    if (start < 0) {
      start = from / FIRST_WIDTH * FIRST_WIDTH;
    }
    long first = Math.max(from, start);
    long last = Math.max(to, first);
    while (last - start >= width * STRETCHES) {
      widen();
    }
    double rate = scored / Math.max(1, last - first);
    int lastStretch = stretch(last);
    for (int i = stretch(first); i <= lastStretch; i++) {
      long begin = Math.max(first, start + i * width);
      long end = Math.min(last, start + (i + 1) * width);
      rows[i] += last == first ? scored : rate * (end - begin);
    }
    used = Math.max(used, lastStretch + 1);
  }

  private int stretch(long time) {
    return (int) ((time - start) / width);
  }

  private void widen() {
    for (int i = 0; i < STRETCHES / 2; i++) {
      rows[i] = rows[2 * i] + rows[2 * i + 1];
    }
    Arrays.fill(rows, STRETCHES / 2, STRETCHES, 0);
    width *= 2;
    used = (used + 1) / 2;
  }

  RowsOverTime rows() {
    return new RowsOverTime(Math.max(0, start), width, Arrays.copyOf(rows, used));
  }
}
