package io.sparkonnx.spark.ui;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.history.FsHistoryProvider;
import org.apache.spark.deploy.history.HistoryServer;
import org.apache.spark.deploy.history.HistoryServer$;
import org.apache.spark.sql.SparkSession;

/**
 * Scores rows in an application with a web UI and an event log, and saves the page of models as it
 * is before, afterwards, and in a History Server that replays the log. Arguments are the model, the
 * folder of the log and that of the pages.
 */
final class WatchedSession {
  static final String BEFORE = "before";
  static final String LIVE = "live.html";
  static final String REPLAYED = "replayed.html";
  static final int OK = 200;

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private WatchedSession() {}

  public static void main(String[] args) throws Exception {
    Path pages = Path.of(args[2]);
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .appName("watched")
            .config("spark.ui.enabled", "true")
            .config("spark.ui.port", "0")
            .config("spark.eventLog.enabled", "true")
            .config("spark.eventLog.dir", "file:" + args[1])
            .getOrCreate();
    String address = spark.sparkContext().uiWebUrl().get();
    Files.writeString(pages.resolve(BEFORE), String.valueOf(get(address + "/onnx/").statusCode()));
    score(spark, args[0]);
    Files.writeString(pages.resolve(LIVE), page(address + "/onnx/", "5,000"));
    String application = spark.sparkContext().applicationId();
    spark.stop();
    replay(args[1], application, pages);
    // The History Server's threads are no daemons.
    System.exit(0);
  }

  /** Rows 7 and 4000 are bad. */
  private static void score(SparkSession spark, String model) {
    spark
        .range(0, 5000, 1, 4)
        .selectExpr("if(id = 7 OR id = 4000, -99L, id % 3) k")
        .selectExpr("try_onnx_predict('" + model + "', k) y")
        .write()
        .format("noop")
        .mode("overwrite")
        .save();
  }

  private static void replay(String events, String application, Path pages) throws Exception {
    SparkConf conf =
        new SparkConf()
            .set("spark.history.fs.logDirectory", "file:" + events)
            .set("spark.history.fs.update.interval", "1s")
            .set("spark.history.store.path", pages.resolve("store").toString());
    Files.createDirectories(pages.resolve("store"));
    FsHistoryProvider provider = new FsHistoryProvider(conf);
    SecurityManager security = HistoryServer$.MODULE$.createSecurityManager(conf);
    HistoryServer server = new HistoryServer(conf, provider, security, 0);
    server.bind();
    provider.start();
    String address = "http://localhost:" + server.boundPort() + "/history/" + application;
    Files.writeString(pages.resolve(REPLAYED), page(address + "/onnx/", "5,000"));
    server.stop();
  }

  /** The page when it has a text, or as it is when that takes too long. */
  private static String page(String address, String expected) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    HttpResponse<String> response = get(address);
    while (!response.body().contains(expected) && System.nanoTime() < end) {
      Thread.sleep(200);
      response = get(address);
    }
    return response.body();
  }

  private static HttpResponse<String> get(String address) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(address)).build();
    return CLIENT.send(request, BodyHandlers.ofString());
  }
}
