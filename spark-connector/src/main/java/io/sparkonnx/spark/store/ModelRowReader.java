package io.sparkonnx.spark.store;

import io.sparkonnx.spark.store.ModelColumn.Need;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;

/** Rows of a task's models; one model is in memory at a time. */
final class ModelRowReader implements PartitionReader<InternalRow> {
  private final Iterator<StoredModel> models;
  private final List<ModelColumn> columns;
  private final Need need;
  private final Configuration configuration;
  private final long maxBytes;
  private InternalRow row;
  private long parsed;
  private long bytesRead;

  ModelRowReader(
      List<StoredModel> models,
      List<ModelColumn> columns,
      Need need,
      Configuration configuration,
      long maxBytes) {
    this.maxBytes = maxBytes;
    this.models = models.iterator();
    this.columns = columns;
    this.need = need;
    this.configuration = configuration;
  }

  @Override
  public boolean next() {
    if (!models.hasNext()) {
      return false;
    }
    ModelFacts facts = ModelFacts.of(models.next(), need, configuration, maxBytes);
    parsed += need == Need.MODEL ? 1 : 0;
    bytesRead += facts.bytesRead();
    row = new GenericInternalRow(columns.stream().map(column -> column.of(facts)).toArray());
    return true;
  }

  @Override
  public InternalRow get() {
    return row;
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    return new CustomTaskMetric[] {
      new ModelMetrics.Value(ModelMetrics.PARSED, parsed),
      new ModelMetrics.Value(ModelMetrics.BYTES_READ, bytesRead)
    };
  }

  @Override
  public void close() {}
}
