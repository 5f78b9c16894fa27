package io.sparkonnx.spark.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.arrow.ipc.BatchLimits;
import io.sparkonnx.arrow.ipc.Codec;
import io.sparkonnx.arrow.ipc.IpcWriter;
import io.sparkonnx.spark.SparkSessionExtension;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.TimeStampSecTZVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of other writers, whose types Spark has no vectors for. */
@ExtendWith(SparkSessionExtension.class)
class ForeignArrowFilesTest {
  private final SparkSession spark = SparkSessionExtension.session();
  private final BufferAllocator allocator = new RootAllocator();
  private final List<FieldVector> vectors = new ArrayList<>();
  private final MapDictionaryProvider dictionaries = new MapDictionaryProvider();

  @TempDir Path folder;

  @AfterEach
  void nothingLeaks() {
    vectors.forEach(FieldVector::close);
    allocator.close();
    spark.conf().unset("spark.sql.codegen.wholeStage");
    spark.conf().unset("spark.sql.timeType.enabled");
  }

  private <V extends FieldVector> V add(V vector, int rows) {
    vector.setInitialCapacity(rows);
    vector.allocateNew();
    vectors.add(vector);
    return vector;
  }

  private Dataset<Row> read(int rows) throws IOException {
    vectors.forEach(vector -> vector.setValueCount(rows));
    Path file = folder.resolve("foreign.arrow");
    try (IpcWriter writer =
        IpcWriter.file(
            new VectorSchemaRoot(vectors),
            dictionaries,
            Channels.newChannel(Files.newOutputStream(file)),
            Codec.LZ4,
            new BatchLimits(1 << 20, 2))) {
      writer.write();
    }
    return spark.read().format("arrow").load(file.toString());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void numbersOfEveryWidth(boolean batches) throws IOException {
    spark.conf().set("spark.sql.codegen.wholeStage", String.valueOf(batches));
    UInt1Vector u8 = add(new UInt1Vector("u8", allocator), 3);
    UInt2Vector u16 = add(new UInt2Vector("u16", allocator), 3);
    UInt4Vector u32 = add(new UInt4Vector("u32", allocator), 3);
    UInt8Vector u64 = add(new UInt8Vector("u64", allocator), 3);
    Float2Vector f16 = add(new Float2Vector("f16", allocator), 3);
    Decimal256Vector d256 = add(new Decimal256Vector("d256", allocator, 20, 2), 3);
    u8.set(0, 200);
    u16.set(0, 60000);
    u32.set(0, -1);
    u64.set(0, -1);
    f16.setWithPossibleTruncate(0, 1.5f);
    d256.set(0, new BigDecimal("123456789012345678.25"));
    u8.set(2, 1);
    u16.set(2, 2);
    u32.set(2, 3);
    u64.set(2, 4);
    f16.setWithPossibleTruncate(2, -0.25f);
    d256.set(2, new BigDecimal("-0.01"));
    Dataset<Row> read = read(3);
    assertThat(read.schema().simpleString())
        .isEqualTo(
            "struct<u8:smallint,u16:int,u32:bigint,u64:decimal(20,0),f16:float,d256:decimal(20,2)>");
    assertThat(read.collectAsList().toString())
        .isEqualTo(
            "[[200,60000,4294967295,18446744073709551615,1.5,123456789012345678.25],"
                + " [null,null,null,null,null,null], [1,2,3,4,-0.25,-0.01]]");
  }

  @Test
  void timesOfEveryUnit() throws IOException {
    spark.conf().set("spark.sql.timeType.enabled", "true");
    TimeStampSecTZVector seconds =
        add(new TimeStampSecTZVector("s", allocator, "Europe/Berlin"), 2);
    TimeStampNanoVector nanos = add(new TimeStampNanoVector("ns", allocator), 2);
    DateMilliVector dates = add(new DateMilliVector("d", allocator), 2);
    TimeMilliVector times = add(new TimeMilliVector("t", allocator), 2);
    DurationVector durations =
        add(
            (DurationVector)
                new Field("dur", FieldType.nullable(new ArrowType.Duration(TimeUnit.SECOND)), null)
                    .createVector(allocator),
            2);
    seconds.set(0, -1);
    nanos.set(0, -1);
    dates.set(0, -1);
    times.set(0, 3_723_004);
    durations.set(0, 90);
    Dataset<Row> read = read(2);
    assertThat(read.schema().simpleString())
        .isEqualTo(
            "struct<s:timestamp,ns:timestamp_ntz,d:date,t:time(6),dur:interval day to second>");
    assertThat(
            read.selectExpr(
                    "CAST(s AS STRING)",
                    "CAST(ns AS STRING)",
                    "CAST(d AS STRING)",
                    "CAST(t AS STRING)",
                    "CAST(dur AS STRING)")
                .collectAsList()
                .toString())
        .isEqualTo(
            "[[1969-12-31 23:59:59,1969-12-31 23:59:59.999999,1969-12-31,01:02:03.004,"
                + "INTERVAL '0 00:01:30' DAY TO SECOND], [null,null,null,null,null]]");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void textsAndListsOfEveryForm(boolean batches) throws IOException {
    spark.conf().set("spark.sql.codegen.wholeStage", String.valueOf(batches));
    LargeVarCharVector large = add(new LargeVarCharVector("large", allocator), 3);
    ViewVarCharVector view = add(new ViewVarCharVector("view", allocator), 3);
    FixedSizeBinaryVector fixed = add(new FixedSizeBinaryVector("fixed", allocator, 2), 3);
    FixedSizeListVector pair = FixedSizeListVector.empty("pair", 2, allocator);
    pair.addOrGetVector(FieldType.nullable(MinorType.FLOAT4.getType()));
    add(pair, 3);
    LargeListVector list = LargeListVector.empty("list", allocator);
    list.addOrGetVector(FieldType.nullable(MinorType.UINT1.getType()));
    add(list, 3);
    StructVector struct = StructVector.empty("struct", allocator);
    struct.addOrGet("u", FieldType.nullable(MinorType.UINT1.getType()), UInt1Vector.class);
    add(struct, 3);

    large.setSafe(0, "groß".getBytes(UTF_8));
    view.setSafe(0, "kurz".getBytes(UTF_8));
    view.setSafe(1, "länger als zwölf Bytes 🎈".getBytes(UTF_8));
    fixed.set(0, new byte[] {65, 66});
    Float4Vector elements = (Float4Vector) pair.getDataVector();
    for (int i = 0; i < 6; i++) {
      elements.setSafe(i, i / 2f);
    }
    pair.setNotNull(0);
    pair.setNotNull(2);
    UInt1Vector bytes = (UInt1Vector) list.getDataVector();
    list.startNewValue(0);
    bytes.setSafe(0, 250);
    bytes.setNull(1);
    list.endValue(0, 2);
    list.startNewValue(2);
    list.endValue(2, 0);
    struct.setIndexDefined(0);
    ((UInt1Vector) struct.getChild("u")).setSafe(0, 255);
    Dataset<Row> read = read(3);
    assertThat(read.schema().simpleString())
        .isEqualTo(
            "struct<large:string,view:string,fixed:binary,pair:array<float>,"
                + "list:array<smallint>,struct:struct<u:smallint>>");
    assertThat(
            read.selectExpr(
                    "large",
                    "view",
                    "CAST(fixed AS STRING)",
                    "CAST(pair AS STRING)",
                    "CAST(list AS STRING)",
                    "struct.u")
                .collectAsList()
                .toString())
        .isEqualTo(
            "[[groß,kurz,AB,[0.0, 0.5],[250, null],255],"
                + " [null,länger als zwölf Bytes 🎈,null,null,null,null],"
                + " [null,null,null,[2.0, 2.5],[],null]]");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void dictionaries(boolean batches) throws IOException {
    spark.conf().set("spark.sql.codegen.wholeStage", String.valueOf(batches));
    try (VarCharVector colours = new VarCharVector("colours", allocator);
        ListVector lists = ListVector.empty("lists", allocator)) {
      colours.allocateNew();
      colours.setSafe(0, "rot".getBytes(UTF_8));
      colours.setSafe(1, "grün".getBytes(UTF_8));
      colours.setValueCount(3);
      lists.addOrGetVector(FieldType.nullable(MinorType.UINT1.getType()));
      lists.allocateNew();
      lists.startNewValue(0);
      ((UInt1Vector) lists.getDataVector()).setSafe(0, 129);
      lists.endValue(0, 1);
      lists.setValueCount(1);
      int[][] indices = {{1, 0, 2, -1, 1}, {0, -1, 0, 0, -1}};
      for (int c = 0; c < 2; c++) {
        DictionaryEncoding encoding = new DictionaryEncoding(c, false, new ArrowType.Int(8, true));
        dictionaries.put(new Dictionary(c == 0 ? colours : lists, encoding));
        FieldType type = new FieldType(true, encoding.getIndexType(), encoding);
        var vector = add((TinyIntVector) new Field("c" + c, type, null).createVector(allocator), 5);
        for (int i = 0; i < 5; i++) {
          if (indices[c][i] >= 0) {
            vector.set(i, indices[c][i]);
          }
        }
      }
      Dataset<Row> read = read(5);
      assertThat(read.schema().simpleString()).isEqualTo("struct<c0:string,c1:array<smallint>>");
      assertThat(read.selectExpr("c0", "CAST(c1 AS STRING)").collectAsList().toString())
          .isEqualTo("[[grün,[129]], [rot,null], [null,[129]], [null,[129]], [grün,null]]");
      assertThat(read.where("c0 = 'grün'").count()).isEqualTo(2);
    }
  }

  @Test
  void aTypeThatSparkLacksIsNamedAndCanBeLeftOut() throws IOException {
    addNumberAndUnion();
    assertThatThrownBy(() -> read(1))
        .isInstanceOfSatisfying(
            AnalysisException.class,
            e -> {
              assertThat(e.getCondition()).isEqualTo("ONNX_ARROW_TYPE");
              assertThat(e.getSqlState()).isEqualTo("42K09");
            })
        .hasMessageMatching(
            "\\[ONNX_ARROW_TYPE] file:.*foreign.arrow: column 'either': Spark has no type for"
                + " Arrow's Union\\(.*\\); give a schema without it to read the others"
                + " SQLSTATE: 42K09");
    Dataset<Row> others =
        spark
            .read()
            .format("arrow")
            .schema("n SMALLINT")
            .load(folder.resolve("foreign.arrow").toString());
    assertThat(others.collectAsList().toString()).isEqualTo("[[7]]");
    assertThat(Arrays.asList(others.columns())).containsExactly("n");
  }

  private void addNumberAndUnion() {
    UInt1Vector number = add(new UInt1Vector("n", allocator), 1);
    number.set(0, 7);
    add(UnionVector.empty("either", allocator), 1);
  }

  @Test
  void aTypeThatSparkLacksIsNamedByTheTaskThatMergesSchemas() {
    addNumberAndUnion();
    assertThatThrownBy(() -> read(1)).isInstanceOf(AnalysisException.class);
    assertThatThrownBy(
            () -> spark.read().format("arrow").option("mergeSchema", true).load(folder.toString()))
        .hasStackTraceContaining("[ONNX_ARROW_TYPE] ")
        .hasStackTraceContaining("foreign.arrow: column 'either': Spark has no type for Arrow's");
  }

  @Test
  void aTypeThatSparkLacksCannotBeAskedFor() {
    addNumberAndUnion();
    assertThatThrownBy(() -> read(1)).isInstanceOf(AnalysisException.class);
    Dataset<Row> asked =
        spark
            .read()
            .format("arrow")
            .schema("either STRING")
            .load(folder.resolve("foreign.arrow").toString());
    assertThatThrownBy(asked::collectAsList)
        .rootCause()
        .isInstanceOfSatisfying(
            SparkThrowable.class, e -> assertThat(e.getCondition()).isEqualTo("ONNX_ARROW_TYPE"))
        .hasMessageMatching(
            "\\[ONNX_ARROW_TYPE] file:.*foreign.arrow: column 'either': Spark has no type for"
                + " Arrow's Union\\(.*\\) SQLSTATE: 42K09");
  }
}
