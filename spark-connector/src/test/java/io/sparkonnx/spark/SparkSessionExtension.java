package io.sparkonnx.spark;

import com.holdenkarau.spark.testing.JavaDatasetSuiteBase;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One local session for all test classes, given to their methods as a parameter. */
public final class SparkSessionExtension implements BeforeAllCallback, ParameterResolver {
  private static final Suite SUITE = new Suite();

  /** The session of spark-testing-base, with two cores and without Hive. */
  private static final class Suite extends JavaDatasetSuiteBase {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean enableHiveSupport() {
      return false;
    }

    @Override
    public SparkConf conf() {
      return super.conf()
          .setMaster("local[2]")
          .set("spark.sql.shuffle.partitions", "3")
          .set("spark.sql.session.timeZone", "UTC");
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    session();
  }

  /** The session, started by the first caller. */
  public static synchronized SparkSession session() {
    SUITE.runBefore();
    return SUITE.spark();
  }

  /** Fails unless two frames have equal schemas and rows, in order. */
  public static void assertFramesEqual(
      org.apache.spark.sql.Dataset<org.apache.spark.sql.Row> expected,
      org.apache.spark.sql.Dataset<org.apache.spark.sql.Row> result) {
    SUITE.assertDataFrameEquals(expected, result);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == SparkSession.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return session();
  }
}
