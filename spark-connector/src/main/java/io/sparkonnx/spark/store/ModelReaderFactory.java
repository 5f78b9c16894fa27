package io.sparkonnx.spark.store;

import io.sparkonnx.spark.store.ModelColumn.Need;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Opens readers on executors.
 *
 * @param maxBytes of a model that are read at most
 */
record ModelReaderFactory(
    List<ModelColumn> columns,
    Need need,
    Broadcast<SerializableConfiguration> configuration,
    long maxBytes)
    implements PartitionReaderFactory {
  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    List<StoredModel> models = ((ModelPartition) partition).models();
    return new ModelRowReader(models, columns, need, configuration.value().value(), maxBytes);
  }
}
