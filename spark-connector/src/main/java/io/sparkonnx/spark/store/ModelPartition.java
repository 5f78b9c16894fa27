package io.sparkonnx.spark.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/** Models that one task reads, one after the other. */
record ModelPartition(List<StoredModel> models) implements InputPartition {

  /**
   * Puts models together as Spark does with files: a partition takes up to an even share of the
   * bytes, no more than {@code maxBytes}, and each file counts {@code openCost} on top.
   *
   * @param tasks how many can run at once
   */
  static ModelPartition[] pack(List<StoredModel> models, int tasks, long maxBytes, long openCost) {
    long total = models.stream().mapToLong(model -> model.bytes() + openCost).sum();
    long share = Math.min(maxBytes, Math.max(openCost, total / tasks));
    List<StoredModel> largestFirst = new ArrayList<>(models);
    largestFirst.sort(Comparator.comparingLong(StoredModel::bytes).reversed());
    List<ModelPartition> partitions = new ArrayList<>();
    List<StoredModel> together = new ArrayList<>();
    long bytes = 0;
    for (StoredModel model : largestFirst) {
      if (!together.isEmpty() && bytes + model.bytes() > share) {
        partitions.add(new ModelPartition(List.copyOf(together)));
        together.clear();
        bytes = 0;
      }
      together.add(model);
      bytes += model.bytes() + openCost;
    }
    if (!together.isEmpty()) {
      partitions.add(new ModelPartition(List.copyOf(together)));
    }
    return partitions.toArray(ModelPartition[]::new);
  }
}
