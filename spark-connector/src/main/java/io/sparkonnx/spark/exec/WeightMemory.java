package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.spark.model.ShippedModel;
import java.lang.ref.Cleaner;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.memory.MemoryManager;
import org.apache.spark.memory.MemoryMode;
import org.apache.spark.storage.BroadcastBlockId;

/**
 * Storage memory for the weights of this JVM's models: acquired once by the first task that uses a
 * model, given back when the model has gone.
 */
final class WeightMemory {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final Map<Model, MemoryManager> HOLDERS = new WeakHashMap<>();

  private WeightMemory() {}

  /**
   * Makes sure that Spark's memory manager counts a model's weights.
   *
   * @throws OnnxException LIMIT_EXCEEDED if it has not that much memory
   */
  static void hold(Model model, ShippedModel shipped) {
    MemoryManager manager = SparkEnv.get().memoryManager();
    synchronized (HOLDERS) {
      if (HOLDERS.get(model) == manager) {
        return;
      }
      long bytes = model.weightBytes();
      BroadcastBlockId block = new BroadcastBlockId(shipped.broadcastId(), "onnx-weights");
      if (!manager.acquireStorageMemory(block, bytes, MemoryMode.ON_HEAP)) {
        throw new OnnxException(
            OnnxException.Code.LIMIT_EXCEEDED,
            "the model's weights take "
                + bytes
                + " bytes, but Spark's memory manager has only "
                + (manager.maxOnHeapStorageMemory() - manager.onHeapStorageMemoryUsed())
                + " for storage; more spark.executor.memory is needed");
      }
      HOLDERS.put(model, manager);
      CLEANER.register(model, () -> manager.releaseStorageMemory(bytes, MemoryMode.ON_HEAP));
    }
  }
}
