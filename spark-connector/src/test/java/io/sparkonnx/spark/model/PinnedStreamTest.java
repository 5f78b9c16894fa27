package io.sparkonnx.spark.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.spark.SparkSessionExtension;
import io.sparkonnx.spark.functions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions$;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A stream scores with the model that it started with. */
@ExtendWith(SparkSessionExtension.class)
class PinnedStreamTest {
  @TempDir Path folder;

  private static List<Float> scores(SparkSession spark, String table) {
    return spark.table(table).orderBy("s").collectAsList().stream()
        .map(row -> row.getFloat(0))
        .toList();
  }

  private static Dataset<Row> scored(SparkSession spark, Path input, String model) {
    return spark
        .readStream()
        .schema("x DOUBLE")
        .csv(input.toString())
        .select(
            functions
                .onnxPredict(model, functions$.MODULE$.col("x"), functions$.MODULE$.col("x"))
                .as("s"));
  }

  @Test
  void aModelThatChangesMeanwhileDoesNotChangeTheStream(SparkSession spark) throws Exception {
    Path input = Files.createDirectory(folder.resolve("in"));
    String model = LinearModel.write(folder.resolve("m.onnx"), LinearModel.bytes(700, 2, 3));
    Files.writeString(input.resolve("1.csv"), "1\n");
    StreamingQuery query =
        scored(spark, input, model).writeStream().format("memory").queryName("pinned").start();
    try {
      query.processAllAvailable();
      change(model);
      Files.writeString(input.resolve("2.csv"), "2\n");
      query.processAllAvailable();
      assertThat(scores(spark, "pinned")).containsExactly(705f, 710f);
    } finally {
      query.stop();
    }
    StreamingQuery next =
        scored(spark, input, model).writeStream().format("memory").queryName("next").start();
    try {
      next.processAllAvailable();
      assertThat(scores(spark, "next")).containsExactly(706f, 711f);
    } finally {
      next.stop();
    }
  }

  private static void change(String model) throws IOException {
    Path file = Path.of(URI.create(model));
    Files.write(file, LinearModel.bytes(701, 2, 3));
    Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() + 5000));
  }
}
