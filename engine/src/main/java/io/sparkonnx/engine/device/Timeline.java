package io.sparkonnx.engine.device;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * When kernels and transfers of one queue ran, by the device's clock. Kernels come in order and do
 * not overlap each other, transfers neither.
 */
final class Timeline {
  /** When something ran. */
  private record Span(long start, long end) {
    long shared(Span other) {
      return Math.max(0, Math.min(end, other.end) - Math.max(start, other.start));
    }
  }

  /** Kernels that transfers which come later may overlap. */
  private final Deque<Span> kernels = new ArrayDeque<>();

  /** Transfers that kernels which come later may overlap. */
  private final Deque<Span> transfers = new ArrayDeque<>();

  private DeviceTimes times = DeviceTimes.NONE;

  void kernel(long start, long end) {
    Span kernel = new Span(start, end);
    long shared = 0;
    for (Span transfer : transfers) {
      shared += kernel.shared(transfer);
    }
    transfers.removeIf(transfer -> transfer.end <= end);
    Span last = kernels.peekLast();
    if (last != null && start <= last.end) {
      kernels.pollLast();
      kernels.add(new Span(last.start, Math.max(end, last.end)));
    } else {
      kernels.add(kernel);
    }
    times = times.plus(new DeviceTimes(end - start, 0, shared));
  }

  void transfer(long start, long end) {
    Span transfer = new Span(start, end);
    long shared = 0;
    for (Span kernel : kernels) {
      shared += transfer.shared(kernel);
    }
    kernels.removeIf(kernel -> kernel.end <= end);
    transfers.add(transfer);
    times = times.plus(new DeviceTimes(0, end - start, shared));
  }

  DeviceTimes times() {
    return times;
  }
}
