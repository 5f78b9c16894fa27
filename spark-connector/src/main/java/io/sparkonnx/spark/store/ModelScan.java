package io.sparkonnx.spark.store;

import io.sparkonnx.spark.store.ModelColumn.Need;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** One read of a model store, for the columns that a query needs. */
record ModelScan(ModelStore store, List<ModelColumn> columns) implements Scan, Batch {
  @Override
  public StructType readSchema() {
    return ModelColumn.schema(columns);
  }

  @Override
  public String description() {
    return OnnxModelSource.NAME
        + " "
        + String.join(", ", readSchema().fieldNames())
        + " from "
        + String.join(", ", store.paths());
  }

  @Override
  public Batch toBatch() {
    return this;
  }

  @Override
  public InputPartition[] planInputPartitions() {
    SparkContext context = SparkContext.getOrCreate();
    SQLConf session = SQLConf.get();
    return ModelPartition.pack(
        store.list(),
        context.defaultParallelism(),
        session.filesMaxPartitionBytes(),
        session.filesOpenCostInBytes());
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(SparkContext.getOrCreate());
    Need need =
        columns.stream().map(ModelColumn::need).max(Comparator.naturalOrder()).orElse(Need.PATH);
    return new ModelReaderFactory(
        columns,
        need,
        context.broadcast(new SerializableConfiguration(store.configuration())),
        store.access().maxBytes());
  }

  @Override
  public CustomMetric[] supportedCustomMetrics() {
    return new CustomMetric[] {new ModelMetrics.Parsed(), new ModelMetrics.BytesRead()};
  }
}
