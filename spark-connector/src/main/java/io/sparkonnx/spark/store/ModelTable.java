package io.sparkonnx.spark.store;

import java.util.List;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.MetadataColumn;
import org.apache.spark.sql.connector.catalog.SupportsMetadataColumns;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** A model store as a table that can be read. */
record ModelTable(ModelStore store) implements SupportsRead, SupportsMetadataColumns {
  @Override
  public String name() {
    return OnnxModelSource.NAME + " " + String.join(", ", store.paths());
  }

  @Override
  public Column[] columns() {
    return ModelColumn.table();
  }

  @Override
  public MetadataColumn[] metadataColumns() {
    return ModelColumn.hidden();
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return new Builder(store);
  }

  private static final class Builder implements ScanBuilder, SupportsPushDownRequiredColumns {
    private final ModelStore store;
    private List<ModelColumn> columns = ModelColumn.shown();

    Builder(ModelStore store) {
      this.store = store;
    }

    @Override
    public void pruneColumns(StructType required) {
      columns = ModelColumn.named(required.fieldNames());
    }

    @Override
    public Scan build() {
      return new ModelScan(store, columns);
    }
  }
}
