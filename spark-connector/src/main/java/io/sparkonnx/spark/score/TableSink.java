package io.sparkonnx.spark.score;

import io.sparkonnx.spark.score.JobOutput.Mode;
import io.sparkonnx.spark.score.RunManifest.OutputWritten;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.catalog.CatalogTable;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.internal.SessionState;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A table of Spark's catalog whose first partition column is the run. A run's partitions are in the
 * catalog when all of its files are there.
 *
 * @param output what the job says of it
 * @param store of the records
 * @param spark the session
 */
record TableSink(JobOutput output, RunStore store, SparkSession spark) implements RunSink {

  /** The sink of a table by its kind. */
  static RunSink of(JobOutput output, RunStore store, SparkSession spark) {
    TableSink sink = new TableSink(output, store, spark);
    if (!sink.exists()) {
      return sink;
    }
    CatalogTable table = sink.table();
    boolean delta =
        table.provider().isDefined() && table.provider().get().equalsIgnoreCase(JobOutput.DELTA);
    return delta ? new DeltaSink(output, new Path(table.location()), store, spark) : sink;
  }

  private static SessionState state(SparkSession spark) {
    return ((org.apache.spark.sql.classic.SparkSession) spark).sessionState();
  }

  private TableIdentifier name() {
    try {
      return state(spark).sqlParser().parseTableIdentifier(output.table());
    } catch (Exception e) {
      throw new ScoreException(
          ScoreException.Code.WRONG_OUTPUT,
          "output " + output.table() + " is no name of a table in Spark's own catalog",
          e);
    }
  }

  private boolean exists() {
    return state(spark).catalog().tableExists(name());
  }

  private CatalogTable table() {
    try {
      return state(spark).catalog().getTableMetadata(name());
    } catch (Exception e) {
      throw new ScoreException(
          ScoreException.Code.WRONG_OUTPUT,
          "cannot read what the catalog knows of " + output.table() + ": " + e.getMessage(),
          e);
    }
  }

  private List<String> partitions() {
    return Stream.concat(Stream.of(RunStore.RUN_COLUMN), output.partitionBy().stream()).toList();
  }

  @Override
  public void check(String runId, StructType columns) {
    if (!exists()) {
      return;
    }
    CatalogTable table = table();
    List<String> partitionedBy =
        List.copyOf(CollectionConverters.asJava(table.partitionColumnNames()));
    boolean same =
        partitionedBy.size() == partitions().size()
            && Stream.iterate(0, i -> i + 1)
                .limit(partitionedBy.size())
                .allMatch(i -> partitionedBy.get(i).equalsIgnoreCase(partitions().get(i)));
    if (!same || !table.tracksPartitionsInCatalog()) {
      throw new ScoreException(
          ScoreException.Code.WRONG_OUTPUT,
          "output "
              + output.table()
              + " is partitioned by "
              + partitionedBy
              + ", a table whose partitions "
              + partitions()
              + " are in the catalog is needed");
    }
    OutputColumns.checkEqual(output.table(), table.schema(), OutputColumns.withRun(columns));
  }

  @Override
  public void stage(Dataset<Row> rows, String runId, Path staged) {
    StagedRows.write(rows, StagedRows.of(staged));
  }

  @Override
  public OutputWritten written(Path staged, long rows) throws IOException {
    return StagedRows.describe(
        output, output.table(), store.files(), staged, replaced(StagedRows.of(staged)));
  }

  /** The names of partitions that go. */
  private List<String> replaced(Path files) {
    if (output.mode() == Mode.APPEND || !exists()) {
      return List.of();
    }
    List<String> there =
        spark.sql("SHOW PARTITIONS " + output.table()).collectAsList().stream()
            .map(row -> row.getString(0))
            .toList();
    if (output.mode() == Mode.OVERWRITE) {
      return there;
    }
    List<String> written = written(StagedRows.read(spark, files));
    return there.stream()
        .filter(name -> written.contains(name.substring(name.indexOf(Path.SEPARATOR) + 1)))
        .toList();
  }

  /** Names of the partitions of rows below that of the run. */
  private List<String> written(Dataset<Row> rows) {
    Column[] values =
        output.partitionBy().stream()
            .map(column -> rows.col(quoted(column)).cast(DataTypes.StringType))
            .toArray(Column[]::new);
    List<String> names = new ArrayList<>();
    for (Row row : rows.select(values).distinct().collectAsList()) {
      List<String> parts = new ArrayList<>();
      for (int i = 0; i < values.length; i++) {
        parts.add(
            ExternalCatalogUtils.getPartitionPathString(
                output.partitionBy().get(i), row.getString(i)));
      }
      names.add(String.join(Path.SEPARATOR, parts));
    }
    return names;
  }

  @Override
  public void publish(RunManifest run, Path staged) {
    Dataset<Row> rows =
        StagedRows.read(spark, StagedRows.of(staged))
            .withColumn(RunStore.RUN_COLUMN, functions.lit(run.runId()));
    if (!exists()) {
      create(rows.schema());
    }
    for (String partition : run.output().replaced()) {
      spark.sql(
          "ALTER TABLE " + output.table() + " DROP IF EXISTS PARTITION (" + spec(partition) + ")");
    }
    insert(rows, run.runId(), staged);
  }

  private void create(StructType columns) {
    spark.sql(
        "CREATE TABLE "
            + output.table()
            + " ("
            + columns.toDDL()
            + ") USING "
            + output.options().getOrDefault("provider", "parquet")
            + " PARTITIONED BY ("
            + list(partitions())
            + ")");
  }

  /** Replaces all partitions of the run, so that it may be repeated. */
  private void insert(Dataset<Row> rows, String runId, Path staged) {
    String view = "spark_onnx_" + staged.getName().replace('-', '_');
    List<String> below = output.partitionBy();
    String columns =
        Arrays.stream(table().schema().fieldNames())
            .filter(column -> !column.equalsIgnoreCase(RunStore.RUN_COLUMN))
            .map(TableSink::quoted)
            .collect(Collectors.joining(", "));
    rows.createOrReplaceTempView(view);
    try {
      spark.sql(
          "INSERT OVERWRITE TABLE "
              + output.table()
              + " PARTITION ("
              + RunStore.RUN_COLUMN
              + " = '"
              + runId
              + "'"
              + (below.isEmpty() ? "" : ", " + list(below))
              + ") SELECT "
              + columns
              + " FROM "
              + view);
    } finally {
      spark.catalog().dropTempView(view);
    }
  }

  /** A partition's name, such as {@code run_id=a/day=1}, in SQL. */
  private static String spec(String partition) {
    return Arrays.stream(partition.split(Path.SEPARATOR))
        .map(
            part -> {
              int equals = part.indexOf('=');
              String column = ExternalCatalogUtils.unescapePathName(part.substring(0, equals));
              String value = ExternalCatalogUtils.unescapePathName(part.substring(equals + 1));
              return quoted(column) + " = " + literal(value);
            })
        .collect(Collectors.joining(", "));
  }

  private static String literal(String value) {
    return value.equals(ExternalCatalogUtils.DEFAULT_PARTITION_NAME())
        ? "NULL"
        : "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private static String list(List<String> columns) {
    return columns.stream().map(TableSink::quoted).collect(Collectors.joining(", "));
  }

  private static String quoted(String column) {
    return "`" + column.replace("`", "``") + "`";
  }

  @Override
  public void discard(Path staged) {
    // All of it lies in the run's folder.
  }
}
