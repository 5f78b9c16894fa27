package io.sparkonnx.spark.score;

import java.sql.Driver;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.DataSource;

/** What some formats need beside Spark. */
public final class Packages {
  private static final String DELTA_EXTENSION = "io.delta.sql.DeltaSparkSessionExtension";
  private static final String DELTA_CATALOG = "org.apache.spark.sql.delta.catalog.DeltaCatalog";

  /** Maven's coordinates of what is in no distribution of Spark. */
  private static final Map<String, String> COORDINATES =
      Map.of(
          "avro",
          "org.apache.spark:spark-avro_2.13:" + Versions.current().spark(),
          "delta",
          "io.delta:delta-spark_4.2_2.13:4.4.0");

  private Packages() {}

  /**
   * Looks whether a format's package is there.
   *
   * @throws ScoreException NO_PACKAGE if it is not
   */
  static void require(String format, SparkSession spark) {
    String coordinates = COORDINATES.get(format);
    if (coordinates != null && !isThere(format, spark)) {
      throw new ScoreException(
          ScoreException.Code.NO_PACKAGE,
          "the format "
              + format
              + " needs a package: --packages "
              + coordinates
              + " for spark-submit, its jars in SPARK_ONNX_CLASSPATH for spark-onnx");
    }
  }

  private static boolean isThere(String format, SparkSession spark) {
    try {
      return DataSource.lookupDataSource(
              format, ((org.apache.spark.sql.classic.SparkSession) spark).sessionState().conf())
          != null;
    } catch (Exception e) {
      return false;
    }
  }

  /** The settings without which a job's formats do not work, to be made before the session is. */
  public static Map<String, String> settings(JobSpec job) {
    boolean delta =
        job.input().format().equals(JobOutput.DELTA)
            || job.output().format().equals(JobOutput.DELTA);
    return delta && isClass(DELTA_EXTENSION)
        ? Map.of(
            "spark.sql.extensions", DELTA_EXTENSION,
            "spark.sql.catalog.spark_catalog", DELTA_CATALOG)
        : Map.of();
  }

  private static boolean isClass(String name) {
    try {
      Class.forName(name, false, Thread.currentThread().getContextClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /**
   * Options of JDBC with the class of the driver, which Spark does not find by itself in jars of
   * {@code --jars} and {@code --packages}.
   *
   * @throws ScoreException NO_PACKAGE if no driver takes the URL
   */
  static Map<String, String> withDriver(Map<String, String> options) {
    Map<String, String> complete = new LinkedHashMap<>(options);
    if (options.keySet().stream().noneMatch("driver"::equalsIgnoreCase)) {
      complete.put("driver", driver(options.get("url")));
    }
    return complete;
  }

  private static String driver(String url) {
    for (Driver driver :
        ServiceLoader.load(Driver.class, Thread.currentThread().getContextClassLoader())) {
      if (accepts(driver, url)) {
        return driver.getClass().getName();
      }
    }
    throw new ScoreException(
        ScoreException.Code.NO_PACKAGE,
        "no driver takes "
            + url.replaceAll("[?;].*", "")
            + ": --packages org.postgresql:postgresql:42.7.8 for spark-submit (or that of another"
            + " database), its jar in SPARK_ONNX_CLASSPATH for spark-onnx");
  }

  private static boolean accepts(Driver driver, String url) {
    try {
      return driver.acceptsURL(url);
    } catch (java.sql.SQLException e) {
      return false;
    }
  }
}
