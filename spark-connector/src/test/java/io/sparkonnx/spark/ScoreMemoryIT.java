package io.sparkonnx.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.spark.cli.ChildJvm;
import io.sparkonnx.spark.cli.ChildJvm.Ended;
import io.sparkonnx.spark.cli.LiveHeap;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Millions of rows pass through a small heap. It rises and falls with the row groups that Parquet's
 * writer gathers, so the highest points are compared.
 */
@ExtendWith(SparkSessionExtension.class)
class ScoreMemoryIT {
  /** With the copies 5,000,000 rows, 1.3 GB of floats. */
  private static final long DISTINCT_ROWS = 500_000;

  private static final int COPIES = 10;

  private static final int WIDTH = 64;

  @TempDir Path folder;

  private static float[] normal(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (0.15 * random.nextGaussian());
    }
    return values;
  }

  /** 64-256-128-1. */
  private String mlp() {
    Random random = new Random(1);
    return new TestModel()
        .input("x", ElementType.FLOAT, "N", WIDTH)
        .floats("w1", normal(random, WIDTH * 256), WIDTH, 256)
        .floats("w2", normal(random, 256 * 128), 256, 128)
        .floats("w3", normal(random, 128), 128, 1)
        .node("MatMul", List.of("x", "w1"), List.of("h1"))
        .node("Relu", List.of("h1"), List.of("a1"))
        .node("MatMul", List.of("a1", "w2"), List.of("h2"))
        .node("Relu", List.of("h2"), List.of("a2"))
        .node("MatMul", List.of("a2", "w3"), List.of("y"))
        .output("y", ElementType.FLOAT, "N", 1)
        .write(folder, "mlp.onnx");
  }

  private String rows(SparkSession spark) throws IOException {
    Path distinct = folder.resolve("distinct");
    Path rows = Files.createDirectory(folder.resolve("rows"));
    String element = "float(hash(id, i) / 2147483648D)";
    spark
        .range(0, DISTINCT_ROWS, 1, 2)
        .selectExpr("id", "transform(sequence(1, " + WIDTH + "), i -> " + element + ") AS x")
        .write()
        .parquet(distinct.toString());
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(distinct, "*.parquet")) {
      for (Path part : parts) {
        for (int copy = 0; copy < COPIES; copy++) {
          Files.copy(part, rows.resolve(copy + "-" + part.getFileName()));
        }
      }
    }
    return rows.toString();
  }

  @Test
  void theLiveHeapDoesNotGrowWithTheRows(SparkSession spark) throws Exception {
    Ended ended =
        ChildJvm.run(
            LiveHeap.class,
            List.of("-Xmx1g"),
            "score",
            "--model=" + mlp(),
            "--input=" + rows(spark),
            "--output=" + folder.resolve("scores"),
            "--master=local[2]",
            "--inputs=x=x");
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.output()).contains("scored 5,000,000 rows in ");
    long[] live = samples(ended.output());
    assertThat(live).hasSizeGreaterThan(9);
    long middle = greatest(live, live.length / 3, 2 * live.length / 3);
    long last = greatest(live, 2 * live.length / 3, live.length);
    assertThat(last)
        .as("live heap in the last third, MB: %s", Arrays.toString(live))
        .isLessThanOrEqualTo(middle + middle / 4);
  }

  private static long[] samples(String output) {
    String line = output.lines().filter(l -> l.startsWith(LiveHeap.SAMPLES)).findFirst().get();
    String numbers = line.substring(LiveHeap.SAMPLES.length()).trim();
    return Arrays.stream(numbers.split(" ")).mapToLong(Long::parseLong).toArray();
  }

  private static long greatest(long[] values, int from, int to) {
    return Arrays.stream(values, from, to).max().getAsLong();
  }
}
