package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.spark.model.ModelLease;
import io.sparkonnx.spark.model.ShippedModel;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.memory.MemoryManager;
import org.apache.spark.memory.MemoryMode;
import org.apache.spark.storage.BroadcastBlockId;

/**
 * Storage memory for the weights of this JVM's models: acquired by the first task that uses a
 * model, given back when the model is dropped.
 */
final class WeightMemory {
  private static final Map<Model, MemoryManager> HOLDERS = new HashMap<>();

  private WeightMemory() {}

  /**
   * Makes sure that Spark's memory manager counts a model's weights.
   *
   * @throws OnnxException LIMIT_EXCEEDED if it has not that much memory
   */
  static void hold(ModelLease lease, ShippedModel shipped) {
    Model model = lease.model();
    MemoryManager manager = SparkEnv.get().memoryManager();
    synchronized (HOLDERS) {
      MemoryManager holder = HOLDERS.get(model);
      if (holder == manager) {
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
      if (holder == null) {
        lease.whenDropped(() -> giveBack(model));
      }
    }
  }

  private static void giveBack(Model model) {
    synchronized (HOLDERS) {
      MemoryManager holder = HOLDERS.remove(model);
      holder.releaseStorageMemory(model.weightBytes(), MemoryMode.ON_HEAP);
    }
  }
}
