package io.sparkonnx.spark;

import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.memory.MemoryStore;
import scala.jdk.javaapi.CollectionConverters;

/** What this JVM's storage memory is used for. */
final class StorageMemory {
  private StorageMemory() {}

  /** Bytes that no block has. */
  static long ofWeights() {
    // Blocks are removed by whoever holds this lock.
    synchronized (SparkEnv.get().memoryManager()) {
      return SparkEnv.get().memoryManager().storageMemoryUsed() - ofBlocks();
    }
  }

  private static long ofBlocks() {
    BlockManager manager = SparkEnv.get().blockManager();
    MemoryStore memory = manager.memoryStore();
    long bytes = memory.currentUnrollMemory();
    for (BlockId block :
        CollectionConverters.asJava(manager.getMatchingBlockIds(id -> memory.contains(id)))) {
      bytes += memory.getSize(block);
    }
    return bytes;
  }

  /** Blocks of broadcasts, in memory or on disk. */
  static int broadcastBlocks() {
    return SparkEnv.get().blockManager().getMatchingBlockIds(id -> id.isBroadcast()).size();
  }
}
