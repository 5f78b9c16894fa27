package io.sparkonnx.spark.score;

import io.sparkonnx.spark.score.RunManifest.OutputWritten;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.jdbc.JdbcOptionsInWrite;
import org.apache.spark.sql.execution.datasources.jdbc.JdbcUtils;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.jdbc.JdbcDialect;
import org.apache.spark.sql.jdbc.JdbcDialects;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.Map$;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A table of a database. A run is staged in a table of its own beside it; one transaction deletes
 * what the run replaces and inserts its rows.
 *
 * @param output what the job says of it
 * @param spark the session
 */
record JdbcSink(JobOutput output, SparkSession spark) implements RunSink {
  private static final String STAGING = "spark_onnx_";

  /** Work on a connection. */
  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  private Map<String, String> options(String table) {
    Map<String, String> options = new LinkedHashMap<>(Packages.withDriver(output.options()));
    options.put("dbtable", table);
    return options;
  }

  private JdbcOptionsInWrite write(String table) {
    return new JdbcOptionsInWrite(
        Map$.MODULE$.<String, String>from(CollectionConverters.asScala(options(table))));
  }

  private JdbcDialect dialect() {
    return JdbcDialects.get(output.options().get("url"));
  }

  private <T> T connected(String table, Work<T> work) throws IOException {
    try (Connection connection =
        (Connection) dialect().createConnectionFactory(write(table)).apply(-1)) {
      return work.on(connection);
    } catch (SQLException e) {
      throw new IOException(output.table() + ": " + e.getMessage(), e);
    }
  }

  private boolean exists(String table) throws IOException {
    return connected(table, connection -> JdbcUtils.tableExists(connection, write(table)));
  }

  /** The table that a run is staged in: of the same schema, named after the run's folder. */
  private String staging(Path staged) {
    String table = output.table();
    return table.substring(0, table.lastIndexOf('.') + 1)
        + STAGING
        + staged.getName().replace("-", "");
  }

  @Override
  public void check(String runId, StructType columns) throws IOException {
    Option<StructType> there =
        connected(
            output.table(),
            connection ->
                JdbcUtils.tableExists(connection, write(output.table()))
                    ? JdbcUtils.getSchemaOption(connection, write(output.table()))
                    : Option.empty());
    if (there.isDefined()) {
      OutputColumns.checkNames(output.table(), there.get(), OutputColumns.withRun(columns));
    }
  }

  @Override
  public void stage(Dataset<Row> rows, String runId, Path staged) {
    Dataset<Row> all = rows.withColumn(RunStore.RUN_COLUMN, functions.lit(runId));
    save(spark.createDataFrame(List.of(), all.schema()), output.table(), SaveMode.Ignore);
    save(all, staging(staged), SaveMode.ErrorIfExists);
  }

  private void save(Dataset<Row> rows, String table, SaveMode mode) {
    rows.write().format(JobOutput.JDBC).options(options(table)).mode(mode).save();
  }

  @Override
  public OutputWritten written(Path staged, long rows) throws IOException {
    String table = staging(staged);
    long there = connected(table, connection -> count(connection, table));
    if (there != rows) {
      throw new ScoreException(
          ScoreException.Code.STAGING_INCOMPLETE,
          String.format(
              Locale.ROOT,
              "the staging table of the run has %,d rows, but %,d were scored; a task that is made"
                  + " again may write twice",
              there,
              rows));
    }
    return new OutputWritten(
        output.format(),
        output.table(),
        output.mode().name().toLowerCase(Locale.ROOT),
        0,
        0,
        List.of());
  }

  private static long count(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      result.next();
      return result.getLong(1);
    }
  }

  @Override
  public void publish(RunManifest run, Path staged) throws IOException {
    String from = staging(staged);
    connected(
        from,
        connection -> {
          connection.setAutoCommit(false);
          try (Statement statement = connection.createStatement()) {
            replace(statement, run, from, columns(connection, from));
            connection.commit();
          } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
          }
          return null;
        });
  }

  private List<String> columns(Connection connection, String table) {
    StructType columns = JdbcUtils.getSchemaOption(connection, write(table)).get();
    return Arrays.asList(columns.fieldNames());
  }

  private void replace(Statement statement, RunManifest run, String from, List<String> columns)
      throws SQLException {
    switch (output.mode()) {
      case APPEND -> {}
      case OVERWRITE -> statement.executeUpdate("DELETE FROM " + output.table());
      case PARTITIONS -> statement.executeUpdate(deletePartitions(from));
    }
    statement.executeUpdate(
        "DELETE FROM "
            + output.table()
            + " WHERE "
            + quoted(RunStore.RUN_COLUMN)
            + " = '"
            + run.runId()
            + "'");
    String names = columns.stream().map(this::quoted).collect(Collectors.joining(", "));
    statement.executeUpdate(
        "INSERT INTO " + output.table() + " (" + names + ") SELECT " + names + " FROM " + from);
  }

  private String deletePartitions(String from) {
    String target = output.table();
    return "DELETE FROM "
        + target
        + " WHERE EXISTS (SELECT 1 FROM "
        + from
        + " s WHERE "
        + output.partitionBy().stream()
            .map(
                column -> {
                  String old = target + "." + quoted(column);
                  String now = "s." + quoted(column);
                  return "("
                      + old
                      + " = "
                      + now
                      + " OR ("
                      + old
                      + " IS NULL AND "
                      + now
                      + " IS NULL))";
                })
            .collect(Collectors.joining(" AND "))
        + ")";
  }

  private String quoted(String column) {
    return dialect().quoteIdentifier(column);
  }

  @Override
  public void discard(Path staged) throws IOException {
    String table = staging(staged);
    if (exists(table)) {
      connected(
          table,
          connection -> {
            JdbcUtils.dropTable(connection, table, write(table));
            return null;
          });
    }
  }
}
