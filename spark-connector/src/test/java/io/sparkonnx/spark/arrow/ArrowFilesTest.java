package io.sparkonnx.spark.arrow;

import static io.sparkonnx.spark.functions.onnxPredict;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.spark.SparkSessionExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.util.ArrowUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrow files as tables of Spark. */
@ExtendWith(SparkSessionExtension.class)
class ArrowFilesTest {
  private static final String[] SETTINGS = {
    "spark.sql.codegen.wholeStage",
    "spark.sql.files.maxPartitionBytes",
    "spark.sql.files.openCostInBytes",
    "spark.sql.files.ignoreCorruptFiles",
    "spark.sql.caseSensitive",
    "spark.sql.sources.partitionOverwriteMode",
  };

  private final SparkSession spark = SparkSessionExtension.session();

  @TempDir Path folder;

  @AfterEach
  void resetAndNothingLeaks() {
    for (String setting : SETTINGS) {
      spark.conf().unset(setting);
    }
    assertThat(ArrowUtils.rootAllocator().getAllocatedMemory()).isZero();
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private Dataset<Row> everyType(int rows) {
    String orNull = "IF(id %% 5 = 3, NULL, %s) AS %s";
    List<String[]> columns =
        List.of(
            new String[] {"id % 2 = 0", "bool"},
            new String[] {"CAST(id % 100 AS TINYINT)", "i8"},
            new String[] {"CAST(id AS SMALLINT)", "i16"},
            new String[] {"CAST(-id AS INT)", "i32"},
            new String[] {"id * 1234567890123", "i64"},
            new String[] {"CAST(id / 7 AS FLOAT)", "f32"},
            new String[] {"IF(id = 2, double('NaN'), id / 7)", "f64"},
            new String[] {"CAST(id / 8 AS DECIMAL(10, 3))", "d10"},
            new String[] {"CAST(id AS DECIMAL(38, 18))", "d38"},
            new String[] {"repeat('grüße 🎈', CAST(id % 4 AS INT))", "text"},
            new String[] {"CAST(repeat('ab', CAST(id % 4 AS INT)) AS BINARY)", "bin"},
            new String[] {"date_add(DATE'1969-12-25', CAST(id AS INT))", "d"},
            new String[] {"timestamp_micros(id * 1000001 - 5)", "ts"},
            new String[] {"CAST(timestamp_micros(id * 77) AS TIMESTAMP_NTZ)", "ntz"},
            new String[] {"make_dt_interval(CAST(id AS INT), 1, 2, 3.25)", "dt"},
            new String[] {"make_ym_interval(CAST(id AS INT), 3)", "ym"},
            new String[] {"sequence(0, CAST(id % 4 AS INT))", "ints"},
            new String[] {"transform(sequence(0, id % 3), x -> array(x, NULL, 1))", "nested"},
            new String[] {"map('a', id, 'b', NULL)", "m"},
            new String[] {
              "struct(id AS x, IF(id % 2 = 0, 'even', NULL) AS y, array(id) AS z)", "s"
            });
    Column[] all =
        Stream.concat(
                Stream.of(col("id")),
                columns.stream().map(c -> expr(String.format(orNull, c[0], c[1]))))
            .toArray(Column[]::new);
    return spark.range(0, rows, 1, 3).select(all);
  }

  private static List<Row> sorted(Dataset<Row> frame) {
    return frame.orderBy("id").collectAsList();
  }

  private static FileSourceScanExec scan(Dataset<Row> frame) {
    SparkPlan plan = frame.queryExecution().sparkPlan();
    while (!(plan instanceof FileSourceScanExec)) {
      plan = plan.children().head();
    }
    return (FileSourceScanExec) plan;
  }

  @ParameterizedTest
  @CsvSource({"none, 0", "none, 1", "uncompressed, 17", "LZ4, 500", "zstd, 4097"})
  void everyTypeComesBack(String codec, int rows) {
    Dataset<Row> table = everyType(rows);
    table
        .write()
        .format("arrow")
        .option("compression", codec)
        .option("maxBytesPerBatch", "50k")
        .save(path("t"));
    Dataset<Row> read = spark.read().format("arrow").load(path("t"));
    assertThat(read.schema()).isEqualTo(table.schema().asNullable());
    assertThat(sorted(read)).hasSize(rows).isEqualTo(sorted(table));
  }

  @Test
  void rowsComeWhereSparkTakesNoBatches() {
    everyType(300).write().format("arrow").save(path("t"));
    spark.conf().set("spark.sql.codegen.wholeStage", "false");
    Dataset<Row> read = spark.read().format("arrow").load(path("t"));
    assertThat(scan(read).supportsColumnar()).isFalse();
    assertThat(sorted(read)).isEqualTo(sorted(everyType(300)));
  }

  @Test
  void moreColumnsThanSparksBatchesTakeAreRows() {
    Column[] columns =
        IntStream.range(0, 150)
            .mapToObj(i -> col("id").multiply(i).as("c" + i))
            .toArray(Column[]::new);
    Dataset<Row> wide = spark.range(0, 50, 1, 1).select(columns);
    wide.write().format("arrow").save(path("t"));
    Dataset<Row> read = spark.read().format("arrow").load(path("t"));
    assertThat(scan(read).supportsColumnar()).isFalse();
    assertThat(read.collectAsList()).isEqualTo(wide.collectAsList());
  }

  @Test
  void onlyTheColumnsThatAreAskedForAreReadAndAsBatches() {
    everyType(100).write().format("arrow").save(path("t"));
    Dataset<Row> read =
        spark.read().format("arrow").load(path("t")).where("i32 < -50").select("f64", "text");
    FileSourceScanExec scan = scan(read);
    assertThat(scan.supportsColumnar()).isTrue();
    assertThat(scan.requiredSchema().fieldNames()).containsExactly("i32", "f64", "text");
    assertThat(read.count()).isEqualTo(everyType(100).where("i32 < -50").count());
    Dataset<Row> none = spark.read().format("arrow").load(path("t"));
    assertThat(none.count()).isEqualTo(100);
  }

  @Test
  void oneFileIsSplitByItsRecordBatches() {
    spark
        .range(0, 10_000, 1, 1)
        .toDF("id")
        .write()
        .format("arrow")
        .option("maxRecordsPerBatch", "500")
        .save(path("t"));
    spark.conf().set("spark.sql.files.openCostInBytes", "0");
    spark.conf().set("spark.sql.files.maxPartitionBytes", "9k");
    Dataset<Row> read = spark.read().format("arrow").load(path("t"));
    assertThat(read.inputFiles()).hasSize(1);
    assertThat(read.rdd().getNumPartitions()).isEqualTo(10);
    List<Row> perPartition = read.groupBy(expr("spark_partition_id()")).count().collectAsList();
    assertThat(perPartition).hasSizeGreaterThan(5);
    assertThat(sorted(read)).isEqualTo(sorted(spark.range(10_000).toDF("id")));
  }

  @Test
  void partitionsBecomeFoldersAndPrune() throws IOException {
    Dataset<Row> table =
        everyType(60)
            .withColumn("part", expr("id % 3"))
            .withColumn("p", expr("IF(id % 2 = 0, 'ä b', NULL)"));
    table.write().format("arrow").partitionBy("part", "p").save(path("t"));
    assertThat(folder.resolve("t/part=0")).isDirectory();
    Dataset<Row> read = spark.read().format("arrow").load(path("t"));
    assertThat(sorted(read.select("id", "text", "part", "p")))
        .isEqualTo(sorted(table.selectExpr("id", "text", "CAST(part AS INT)", "p")));
    Dataset<Row> one = read.where("part = 1 AND p IS NULL").select("id");
    assertThat(scan(one).partitionFilters().size()).isGreaterThan(0);
    damage("t/part=0/p=__HIVE_DEFAULT_PARTITION__");
    assertThat(one.count()).isEqualTo(10);
  }

  @Test
  void saveModesAreThoseOfSpark() {
    Dataset<Row> first = spark.range(3).toDF("id");
    Dataset<Row> second = spark.range(3, 5).toDF("id");
    first.write().format("arrow").save(path("t"));
    assertThatThrownBy(() -> second.write().format("arrow").save(path("t")))
        .hasMessageContaining("already exists");
    second.write().format("arrow").mode("append").save(path("t"));
    assertThat(spark.read().format("arrow").load(path("t")).count()).isEqualTo(5);
    second.write().format("arrow").mode("overwrite").save(path("t"));
    assertThat(sorted(spark.read().format("arrow").load(path("t")))).isEqualTo(sorted(second));
  }

  @Test
  void dynamicOverwriteReplacesOnlyItsPartitions() {
    Dataset<Row> table = spark.range(10).toDF("id").withColumn("part", expr("id % 2"));
    table.write().format("arrow").partitionBy("part").save(path("t"));
    spark.conf().set("spark.sql.sources.partitionOverwriteMode", "dynamic");
    table
        .where("id = 1")
        .write()
        .format("arrow")
        .partitionBy("part")
        .mode("overwrite")
        .save(path("t"));
    assertThat(sorted(spark.read().format("arrow").load(path("t"))).stream().map(r -> r.getLong(0)))
        .containsExactly(0L, 1L, 2L, 4L, 6L, 8L);
  }

  @Test
  void tablesOfSqlKeepTheirRows() {
    spark.sql(
        "CREATE TABLE arrow_table (id BIGINT, v ARRAY<FLOAT>) USING arrow LOCATION '"
            + path("t")
            + "'");
    try {
      spark.sql("INSERT INTO arrow_table VALUES (1, array(1.5f, NULL)), (2, NULL)");
      spark.sql("INSERT INTO arrow_table VALUES (3, array())");
      assertThat(
              spark
                  .sql("SELECT id, size(v) FROM arrow_table ORDER BY id")
                  .collectAsList()
                  .toString())
          .isEqualTo("[[1,2], [2,null], [3,0]]");
      assertThat(spark.sql("SELECT sum(id) FROM arrow.`" + path("t") + "`").head().getLong(0))
          .isEqualTo(6);
    } finally {
      spark.sql("DROP TABLE arrow_table");
    }
  }

  @Test
  void streamsReadAndWrite() throws Exception {
    everyType(40).write().format("arrow").save(path("in"));
    Dataset<Row> stream =
        spark
            .readStream()
            .format("arrow")
            .schema(everyType(0).schema())
            .option("maxFilesPerTrigger", 1)
            .load(path("in"));
    for (int run = 0; run < 2; run++) {
      StreamingQuery query =
          stream
              .where("id % 2 = 0")
              .writeStream()
              .format("arrow")
              .option("checkpointLocation", path("checkpoint"))
              .option("compression", "zstd")
              .trigger(Trigger.AvailableNow())
              .start(path("out"));
      query.awaitTermination();
      Dataset<Row> written = spark.read().format("arrow").load(path("out"));
      assertThat(sorted(written))
          .isEqualTo(sorted(everyType(run == 0 ? 40 : 60).where("id % 2 = 0")));
      if (run == 0) {
        everyType(60).where("id >= 40").write().format("arrow").mode("append").save(path("in"));
      }
    }
  }

  @Test
  void globsAndMetadataWork() {
    for (int i = 0; i < 3; i++) {
      spark
          .range(10L * i, 10L * i + 5, 1, 1)
          .toDF("id")
          .write()
          .format("arrow")
          .save(path("day=" + i));
    }
    assertThat(spark.read().format("arrow").load(path("day={0,2}")).count()).isEqualTo(10);
    Dataset<Row> filtered =
        spark
            .read()
            .format("arrow")
            .option("pathGlobFilter", "*.arrow")
            .option("recursiveFileLookup", true)
            .load(folder.toString());
    assertThat(filtered.count()).isEqualTo(15);
    assertThat(filtered.select("_metadata.file_name").distinct().count()).isEqualTo(3);
  }

  private void damage(String name) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(name))) {
      Path file = files.filter(f -> f.toString().endsWith(".arrow")).findFirst().get();
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(bytes, bytes.length - 20));
      Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void damagedFilesAreErrorsUnlessTheyAreIgnored(boolean batches) throws IOException {
    spark.conf().set("spark.sql.codegen.wholeStage", String.valueOf(batches));
    spark.range(0, 10, 1, 1).toDF("id").write().format("arrow").save(path("t/a"));
    spark.range(10, 30, 1, 1).toDF("id").write().format("arrow").save(path("t/b"));
    damage("t/a");
    Files.writeString(folder.resolve("t/b/notes.arrow"), "no table at all, but text", UTF_8);
    assertThatThrownBy(
            () -> spark.read().format("arrow").option("recursiveFileLookup", true).load(path("t")))
        .isInstanceOfSatisfying(
            AnalysisException.class,
            e -> {
              assertThat(e.getCondition()).isEqualTo("ONNX_ARROW_FILE");
              assertThat(e.getSqlState()).isEqualTo("58030");
            })
        .hasMessageMatching(
            "(?s)\\[ONNX_ARROW_FILE] .*t/a/.*arrow is no Arrow IPC file: it ends with .*");
    Dataset<Row> table =
        spark
            .read()
            .format("arrow")
            .schema("id BIGINT")
            .option("recursiveFileLookup", true)
            .load(path("t"));
    assertThatThrownBy(table::collectAsList)
        .rootCause()
        .hasMessageMatching(
            "(?s).*is no Arrow IPC file: it (ends|starts) with .*, not with ARROW1");
    Dataset<Row> ignoring =
        spark
            .read()
            .format("arrow")
            .option("ignoreCorruptFiles", true)
            .option("recursiveFileLookup", true)
            .load(path("t"));
    assertThat(ignoring.schema().simpleString()).isEqualTo("struct<id:bigint>");
    assertThat(ignoring.count()).isEqualTo(20);
    spark.conf().set("spark.sql.files.ignoreCorruptFiles", "true");
    assertThat(
            sorted(
                spark
                    .read()
                    .format("arrow")
                    .schema("id BIGINT")
                    .option("recursiveFileLookup", true)
                    .load(path("t"))))
        .hasSize(20);
  }

  @Test
  void aFolderWithoutFilesHasNoSchema() throws IOException {
    Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> spark.read().format("arrow").load(path("empty")))
        .hasMessageContaining("UNABLE_TO_INFER_SCHEMA")
        .hasMessageContaining("Arrow");
  }

  @Test
  void schemasMergeAndMissingColumnsAreNull() {
    spark.range(0, 2, 1, 1).toDF("id").write().format("arrow").save(path("t"));
    spark
        .range(2, 4, 1, 1)
        .selectExpr("id", "id * 2 AS twice")
        .write()
        .format("arrow")
        .mode("append")
        .save(path("t"));
    Dataset<Row> merged = spark.read().format("arrow").option("mergeSchema", true).load(path("t"));
    assertThat(merged.selectExpr("id", "twice").orderBy("id").collectAsList().toString())
        .isEqualTo("[[0,null], [1,null], [2,4], [3,6]]");
  }

  @Test
  void anotherTypeThanTheTablesIsNamed() {
    spark.range(2).toDF("id").write().format("arrow").save(path("t"));
    assertThatThrownBy(
            () -> spark.read().format("arrow").schema("id STRING").load(path("t")).collectAsList())
        .rootCause()
        .isInstanceOfSatisfying(
            SparkThrowable.class,
            e -> {
              assertThat(e.getCondition()).isEqualTo("ONNX_ARROW_TYPE");
              assertThat(e.getSqlState()).isEqualTo("42K09");
            })
        .hasMessageMatching(
            "\\[ONNX_ARROW_TYPE] file:.*arrow: column 'id' must be STRING, but the file has BIGINT"
                + " \\(Arrow's Int\\(64, true\\)\\) SQLSTATE: 42K09");
  }

  @Test
  void aNameThatSeveralColumnsHaveIsRefusedWithThem() {
    spark.conf().set("spark.sql.caseSensitive", "true");
    spark.range(2).selectExpr("id", "id AS Id").write().format("arrow").save(path("t"));
    spark.conf().set("spark.sql.caseSensitive", "false");
    assertThatThrownBy(
            () -> spark.read().format("arrow").schema("id BIGINT").load(path("t")).collectAsList())
        .rootCause()
        .isInstanceOfSatisfying(
            SparkThrowable.class,
            e -> {
              assertThat(e.getCondition()).isEqualTo("ONNX_ARROW_NAME");
              assertThat(e.getSqlState()).isEqualTo("42702");
            })
        .hasMessageMatching(
            "\\[ONNX_ARROW_NAME] file:.*arrow: column 'id' must be one column, but the file has"
                + " \\[id, Id] SQLSTATE: 42702");
  }

  @Test
  void namesAreFoundInAnyCaseUnlessSparkIsCaseSensitive() {
    spark.range(2).toDF("Id").write().format("arrow").save(path("t"));
    assertThat(
            spark
                .read()
                .format("arrow")
                .schema("iD BIGINT")
                .load(path("t"))
                .where("id = 1")
                .count())
        .isEqualTo(1);
    spark.conf().set("spark.sql.caseSensitive", "true");
    assertThat(
            spark
                .read()
                .format("arrow")
                .schema("iD BIGINT")
                .load(path("t"))
                .where("iD IS NULL")
                .count())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "compression; gzip; none, lz4 or zstd",
        "compression; ''; none, lz4 or zstd",
        "maxRecordsPerBatch; many; a number of rows from 1 to 2147483647",
        "maxRecordsPerBatch; 0; a number of rows from 1 to 2147483647",
        "maxRecordsPerBatch; 2147483648; a number of rows from 1 to 2147483647",
        "maxBytesPerBatch; 1x; a size of at least one byte, such as 16m",
        "maxBytesPerBatch; -1; a size of at least one byte, such as 16m",
        "MAXBYTESPERBATCH; 0; a size of at least one byte, such as 16m"
      })
  void aValueThatAnOptionDoesNotTakeIsRefused(String option, String value, String takes) {
    String name = option.equals("MAXBYTESPERBATCH") ? "maxBytesPerBatch" : option;
    assertThatThrownBy(
            () ->
                spark.range(1).toDF().write().format("arrow").option(option, value).save(path("t")))
        .isInstanceOfSatisfying(
            AnalysisException.class,
            e -> {
              assertThat(e.getCondition()).isEqualTo("ONNX_OPTIONS");
              assertThat(e.getSqlState()).isEqualTo("42616");
            })
        .hasMessage(
            "[ONNX_OPTIONS] format(\"arrow\"): option %s is '%s'; it takes %s SQLSTATE: 42616",
            name, value, takes);
    assertThat(folder.resolve("t/_SUCCESS")).doesNotExist();
  }

  @Test
  void typesThatArrowLacksAreRefused() {
    assertThatThrownBy(
            () -> spark.sql("SELECT parse_json('1') AS v").write().format("arrow").save(path("t")))
        .hasMessageContaining("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE");
  }

  @Test
  void modelsScoreArrowFilesLikeOthers() {
    Path demo = Path.of("..", "demo").toAbsolutePath().normalize();
    String model = demo.resolve("models/digits.onnx").toString();
    Dataset<Row> images = spark.read().parquet(demo.resolve("data/digits.parquet").toString());
    images.write().format("arrow").option("maxRecordsPerBatch", 64).save(path("t"));
    Dataset<Row> arrow = spark.read().format("arrow").load(path("t"));
    Column score = onnxPredict(model, col("image")).as("p");
    Dataset<Row> scored = arrow.select(col("id"), score);
    assertThat(scored.queryExecution().executedPlan().toString()).doesNotContain("RowToColumnar");
    assertThat(sorted(scored)).isEqualTo(sorted(images.select(col("id"), score)));
  }
}
