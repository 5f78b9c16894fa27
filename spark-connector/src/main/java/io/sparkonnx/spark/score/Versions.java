package io.sparkonnx.spark.score;

/**
 * What a run was made with.
 *
 * @param sparkOnnx version of this jar
 * @param spark version of Spark
 * @param java version of the driver's JVM
 */
public record Versions(String sparkOnnx, String spark, String java) {

  static Versions current() {
    return new Versions(
        own(), org.apache.spark.package$.MODULE$.SPARK_VERSION(), Runtime.version().toString());
  }

  /** The version of the jar; of classes that are in none there is none. */
  static String own() {
    String version = Versions.class.getPackage().getImplementationVersion();
    return version == null ? "not packaged" : version;
  }
}
