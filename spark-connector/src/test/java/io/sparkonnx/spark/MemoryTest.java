package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static io.sparkonnx.spark.functions.tryOnnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.spark.exec.VectorType;
import io.sparkonnx.spark.exec.VectorType.Vector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.memory.MemoryManager;
import org.apache.spark.memory.MemoryMode;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.BroadcastBlockId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What calls take of Spark's memory, and that they give it back. */
@ExtendWith(SparkSessionExtension.class)
class MemoryTest {
  private static final int WIDTH = 512;

  @TempDir static Path folder;
  private static SparkSession spark;
  private static String wide;
  private static Dataset<Row> columns;

  /** y [N, 512] = x [N, 512] · w, with 1 MiB of weights. */
  @BeforeAll
  static void createTable(SparkSession session) {
    spark = session;
    wide =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", WIDTH)
            .floats("w", new float[WIDTH * WIDTH], WIDTH, WIDTH)
            .node("MatMul", List.of("x", "w"), List.of("y"))
            .output("y", ElementType.FLOAT, "N", WIDTH)
            .write(folder, "wide.onnx");
    String path = folder.resolve("rows").toString();
    spark
        .range(0, 2000, 1, 1)
        .selectExpr("id", "array_repeat(float(id), " + WIDTH + ") xs", "if(id < 1999, id, null) v")
        .write()
        .parquet(path);
    columns = spark.read().parquet(path);
  }

  private static MemoryManager manager() {
    return SparkEnv.get().memoryManager();
  }

  @AfterEach
  void everythingIsGivenBack() {
    assertThat(manager().executionMemoryUsed()).isZero();
  }

  /** The most execution memory that any task held while a query ran. */
  private static long peak(Runnable query) throws Exception {
    AtomicLong peak = new AtomicLong();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd event) {
            peak.accumulateAndGet(event.taskMetrics().peakExecutionMemory(), Math::max);
          }
        };
    spark.sparkContext().addSparkListener(listener);
    try {
      query.run();
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } finally {
      spark.sparkContext().removeSparkListener(listener);
    }
    return peak.get();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTaskHoldsExecutionMemoryForItsBatch(boolean columnar) throws Exception {
    Dataset<Row> from = columnar ? columns : columns.filter("id >= 0");
    Dataset<Row> scored = from.select(onnxPredict(wide, col("xs")));
    long peak = peak(scored::collectAsList);
    long batchBytes = 2000L * WIDTH * Float.BYTES;
    assertThat(peak).isBetween(batchBytes, 20 * batchBytes);
    assertThat(Evaluations.metric(scored, "peakScratchBytes")).isEqualTo(peak);
  }

  /** Sparse vectors of 2^18 features, one of which is the row's number. */
  private Dataset<Row> sparse(int rows) {
    StructType schema = new StructType().add("v", new VectorType());
    List<Row> vectors =
        IntStream.rangeClosed(1, rows)
            .mapToObj(i -> new Vector((byte) 0, 1 << 18, new int[] {i}, new double[] {i}))
            .map(vector -> RowFactory.create(vector))
            .toList();
    String path = folder.resolve("sparse").toString();
    spark.createDataFrame(vectors, schema).coalesce(1).write().mode("overwrite").parquet(path);
    return spark.read().parquet(path);
  }

  /** A row takes 1 MiB, a batch of the scan would take 700 MiB. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void columnsOfWideRowsAreGatheredInSlices(boolean open) throws Exception {
    String model =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", open ? "features" : 1 << 18)
            .node("ReduceMax", List.of("x"), List.of("y"), "axes", List.of(1), "keepdims", 0)
            .output("y", ElementType.FLOAT, "N")
            .write(folder, "largest" + open + ".onnx");
    Dataset<Row> scored = sparse(700).select(onnxPredict(model, col("v")));
    List<Row> results = new ArrayList<>();
    long peak = peak(() -> results.addAll(scored.collectAsList()));
    assertThat(results.stream().map(row -> (int) row.getFloat(0)).sorted())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 700).boxed().toList());
    assertThat(peak).isLessThan(open ? 160 << 20 : 40 << 20);
    assertThat(Evaluations.metric(scored, "numBatches")).isEqualTo(open ? 1 + 91 : 100);
  }

  /** A text takes 100,000 bytes, a batch of the scan would take 70 MB. */
  @Test
  void columnsOfLongTextsAreGatheredInSlices() throws Exception {
    String model =
        new TestModel()
            .input("s", ElementType.STRING, "N")
            .node(
                "ai.onnx.ml",
                "LabelEncoder",
                List.of("s"),
                List.of("y"),
                "keys_strings",
                List.of("A"),
                "values_int64s",
                List.of(1))
            .output("y", ElementType.INT64, "N")
            .write(folder, "labels.onnx");
    String path = folder.resolve("texts").toString();
    spark
        .range(0, 700, 1, 1)
        .selectExpr("repeat(char(int(65 + id % 26)), 100000) s")
        .write()
        .parquet(path);
    Dataset<Row> scored = spark.read().parquet(path).select(onnxPredict(model, col("s")));
    long peak = peak(() -> assertThat(scored.collectAsList()).hasSize(700));
    assertThat(peak).isBetween(6_400_000L, 20_000_000L);
  }

  /** A result takes 1 MiB, those of a batch of the scan would take 2 GB. */
  @Test
  void wideResultsOfColumnsComeInSlices() throws Exception {
    String model =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", 1)
            .longs("shape", new long[] {1, 1 << 18}, 2)
            .node("Expand", List.of("x", "shape"), List.of("y"))
            .output("y", ElementType.FLOAT, "N", 1 << 18)
            .write(folder, "expanded.onnx");
    Dataset<Row> scored =
        columns.select(col("id"), onnxPredict(model, col("id")).as("y")).selectExpr("id", "y[9] y");
    List<Row> results = new ArrayList<>();
    long peak = peak(() -> results.addAll(scored.collectAsList()));
    assertThat(results).hasSize(2000).allMatch(row -> row.getFloat(1) == row.getLong(0));
    assertThat(peak).isLessThan(160 << 20);
  }

  @Test
  void aBadRowOfALaterSliceIsNamed() {
    spark.conf().set(OnnxConf.BATCH_SIZE, "64");
    try {
      assertThatThrownBy(() -> columns.select(onnxPredict(linear(), col("v"))).collectAsList())
          .hasStackTraceContaining("row 1999 (row 15 of the batch)");
    } finally {
      spark.conf().unset(OnnxConf.BATCH_SIZE);
    }
  }

  @Test
  void stringsCountWithTheirLength() throws Exception {
    String model =
        new TestModel()
            .input("s", ElementType.STRING, "N")
            .node("Identity", List.of("s"), List.of("t"))
            .output("t", ElementType.STRING, "N")
            .write(folder, "strings.onnx");
    Dataset<Row> texts = columns.selectExpr("repeat('ten bytes ', 1000) s");
    long peak = peak(texts.select(onnxPredict(model, col("s")))::collectAsList);
    assertThat(peak).isGreaterThan(400L * 10_000);
  }

  /** A model that no other test has loaded, with 4 MiB of weights. */
  private static String heavy(float weight) {
    float[] weights = new float[WIDTH * WIDTH * 4];
    Arrays.fill(weights, weight);
    return new TestModel()
        .input("x", ElementType.FLOAT, "N", WIDTH)
        .floats("w", weights, WIDTH, WIDTH * 4)
        .node("MatMul", List.of("x", "w"), List.of("y"))
        .output("y", ElementType.FLOAT, "N", WIDTH * 4)
        .write(folder, "heavy" + weight + ".onnx");
  }

  @Test
  void weightsAreCountedOnceAsStorageMemory() {
    String other = heavy(1f);
    Dataset<Row> scored = columns.limit(3).select(onnxPredict(other, col("xs")));
    long before = StorageMemory.ofWeights();
    scored.collectAsList();
    long once = StorageMemory.ofWeights();
    assertThat(once - before).isGreaterThanOrEqualTo(4L * WIDTH * WIDTH * Float.BYTES);
    columns.limit(5).select(onnxPredict(other, col("xs"))).collectAsList();
    assertThat(StorageMemory.ofWeights() - once).isLessThan(WIDTH * WIDTH * Float.BYTES);
  }

  @Test
  void weightsOfADroppedModelAreGivenBack() {
    String first = heavy(3f);
    String second = heavy(4f);
    long bytes = 4L * WIDTH * WIDTH * Float.BYTES;
    spark.sparkContext().conf().set(OnnxConf.CACHE_MAX_BYTES, String.valueOf(bytes * 5 / 4));
    try {
      columns.limit(3).select(onnxPredict(first, col("xs"))).collectAsList();
      assertThat(StorageMemory.ofWeights()).isBetween(bytes, bytes * 5 / 4);
      columns.limit(3).select(onnxPredict(second, col("xs"))).collectAsList();
      assertThat(StorageMemory.ofWeights()).isBetween(bytes, bytes * 5 / 4);
    } finally {
      spark.sparkContext().conf().remove(OnnxConf.CACHE_MAX_BYTES);
    }
  }

  /** Takes nearly all storage memory, other blocks being moved to disk; gives how much. */
  private static long fillStorageMemory() {
    BroadcastBlockId filler = new BroadcastBlockId(Long.MAX_VALUE, "filler");
    long bytes = manager().maxOnHeapStorageMemory();
    while (!manager().acquireStorageMemory(filler, bytes, MemoryMode.ON_HEAP)) {
      bytes -= 1 << 20;
    }
    return bytes;
  }

  @Test
  void weightsThatSparkHasNoMemoryForAreAClearError() {
    long filled = fillStorageMemory();
    String model = heavy(2f);
    try {
      assertThatThrownBy(
              () -> columns.limit(3).select(tryOnnxPredict(model, col("xs"))).collectAsList())
          .hasStackTraceContaining("try_onnx_predict('" + model + "'): the model's weights take ")
          .hasStackTraceContaining("but Spark's memory manager has only ");
    } finally {
      manager().releaseStorageMemory(filled, MemoryMode.ON_HEAP);
    }
    assertThat(columns.limit(3).select(onnxPredict(model, col("xs"))).collectAsList()).hasSize(3);
  }

  @Test
  void aFailedTaskGivesItsMemoryBack() {
    assertThatThrownBy(
            () ->
                columns
                    .select(onnxPredict(wide, col("xs")), onnxPredict(linear(), col("v")))
                    .collectAsList())
        .hasStackTraceContaining("column v is NULL");
  }

  private static String linear() {
    return TestModel.linear(1f, 2f).write(folder, "linear.onnx");
  }

  /** y [N] = x [N, 1], by way of values with so many elements a row. */
  private static String through(int elements) {
    return new TestModel()
        .input("x", ElementType.FLOAT, "N", 1)
        .longs("shape", new long[] {1, elements}, 2)
        .node("Expand", List.of("x", "shape"), List.of("wide"))
        .node("ReduceMax", List.of("wide"), List.of("y"), "axes", List.of(1), "keepdims", 0)
        .output("y", ElementType.FLOAT, "N")
        .write(folder, "through" + elements + ".onnx");
  }

  @Test
  void memoryThatSparkHasNotIsAClearErrorAndNoBadRow() {
    String model = through(500_000_000);
    assertThatThrownBy(
            () -> columns.limit(2).select(tryOnnxPredict(model, col("id"))).collectAsList())
        .hasStackTraceContaining("try_onnx_predict('" + model + "') needs ")
        .hasStackTraceContaining("CallException: [ONNX_LIMIT] try_onnx_predict(")
        .hasStackTraceContaining("bytes more for its batch")
        .hasStackTraceContaining("but Spark's memory manager has only");
  }

  /** 16 rows have more elements than one array, 2 rows more bytes than the memory manager. */
  @Test
  void aRunThatIsTooLargeIsMadeWithFewerRows() {
    Dataset<Row> scored =
        columns.limit(3).select(col("id"), onnxPredict(through(140_000_000), col("id")).as("y"));
    assertThat(scored.collectAsList()).allMatch(row -> row.getFloat(1) == row.getLong(0));
    assertThat(Evaluations.metric(scored, "numBatches")).isEqualTo(5);
  }
}
