package io.sparkonnx.engine.onnx;

import java.util.Locale;

/**
 * What one load may still take: bytes of files by the caller's limit, bytes of heap by what the JVM
 * has. Charged before anything is read or allocated.
 */
final class Budget {
  private final long fileLimit;
  private final long heapLimit;
  private long file;
  private long heap;

  Budget(long fileLimit, long heapLimit) {
    this.fileLimit = fileLimit;
    this.heapLimit = heapLimit;
  }

  /** A budget of nine tenths of the JVM's largest heap. */
  static Budget ofJvm(long fileLimit) {
    return new Budget(fileLimit, Runtime.getRuntime().maxMemory() / 10 * 9);
  }

  /** Counts bytes of the model file or of external data. */
  void chargeFile(long bytes, String what) {
    if (bytes > fileLimit - file) {
      throw Refusals.limit(
          String.format(
              Locale.ROOT,
              "%s has %s, more than what is left of the limit of %s for one model",
              what,
              Refusals.bytes(bytes),
              Refusals.bytes(fileLimit)));
    }
    file += bytes;
  }

  /** Counts bytes that are about to be allocated. */
  void chargeHeap(long bytes, String what) {
    if (bytes > heapLimit - heap) {
      throw Refusals.limit(
          String.format(
              Locale.ROOT,
              "%s takes %s of memory after %s for what was read before, but %s is all that this JVM"
                  + " has for it; a larger -Xmx helps",
              what,
              Refusals.bytes(bytes),
              Refusals.bytes(heap),
              Refusals.bytes(heapLimit)));
    }
    heap += bytes;
  }

  /** As {@link #chargeHeap} for what a few bytes of a file ask for; at most a quarter of all. */
  void chargeExpansion(long bytes, String what) {
    if (bytes > heapLimit / 4) {
      throw Refusals.limit(
          String.format(
              Locale.ROOT,
              "%s takes %s of memory when made dense, more than %s",
              what,
              Refusals.bytes(bytes),
              Refusals.bytes(heapLimit / 4)));
    }
    chargeHeap(bytes, what);
  }
}
