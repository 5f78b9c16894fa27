package io.sparkonnx.spark.score;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import javax.management.ObjectName;
import org.apache.spark.sql.SparkSession;

/** Makes a run and fails another, and prints what Spark's sinks of metrics show then. */
public final class JobMetricsSession {
  private JobMetricsSession() {}

  /**
   * @param args a folder
   */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    String sink = "spark.metrics.conf.*.sink.";
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.port", "0")
            .config("spark.metrics.namespace", "app")
            .config(sink + "jmx.class", "org.apache.spark.metrics.sink.JmxSink")
            .config(
                sink + "prometheusServlet.class", "org.apache.spark.metrics.sink.PrometheusServlet")
            .config(sink + "prometheusServlet.path", "/metrics/prometheus")
            .getOrCreate()) {
      String bad = TestJob.badRows(spark, folder.resolve("in"));
      Path output = folder.resolve("out");
      TestJob.run(TestJob.spec(output, "{runId: a, badRows: {policy: null}}", bad), spark);
      TestJob.run(TestJob.spec(output, "runId: b"), spark);
      try {
        TestJob.run(TestJob.spec(output, "runId: c", bad), spark);
      } catch (Exception e) {
        System.out.println("failed as it should");
      }
      URI page = URI.create(spark.sparkContext().uiWebUrl().get() + "/metrics/prometheus/");
      HttpResponse<String> answer =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.ALWAYS)
              .build()
              .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
      answer
          .body()
          .lines()
          .filter(line -> line.contains("spark_onnx"))
          .forEach(System.out::println);
      for (ObjectName name :
          ManagementFactory.getPlatformMBeanServer()
              .queryNames(new ObjectName("metrics:name=*spark_onnx*,*"), null)) {
        System.out.println("bean " + name.getKeyProperty("name"));
      }
    }
  }
}
