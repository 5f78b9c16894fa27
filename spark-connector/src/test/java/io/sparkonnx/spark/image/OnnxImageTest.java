package io.sparkonnx.spark.image;

import static io.sparkonnx.spark.functions.onnxImage;
import static io.sparkonnx.spark.functions.onnxPredict;
import static io.sparkonnx.spark.functions.tryOnnxImage;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.spark.SparkSessionExtension;
import io.sparkonnx.spark.TestModel;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images as inputs of models. */
@ExtendWith(SparkSessionExtension.class)
class OnnxImageTest {
  private static final double[] ZERO = {0, 0, 0};
  private static final double[] BYTE = {1 / 255.0, 1 / 255.0, 1 / 255.0};

  @TempDir static Path folder;
  private static SparkSession spark;

  @BeforeAll
  static void session(SparkSession session) {
    spark = session;
  }

  /** Red, green and blue of each pixel, in 2 rows of 2. */
  private static BufferedImage square(int type) {
    BufferedImage image = new BufferedImage(2, 2, type);
    image.setRGB(0, 0, 0xFF0A141E);
    image.setRGB(1, 0, 0xFF28323C);
    image.setRGB(0, 1, 0xFF46505A);
    image.setRGB(1, 1, 0xFF646E78);
    return image;
  }

  private static byte[] encoded(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, bytes)).isTrue();
    return bytes.toByteArray();
  }

  private static Dataset<Row> table(byte[]... images) {
    return spark
        .createDataFrame(
            Arrays.stream(images).map(image -> RowFactory.create((Object) image)).toList(),
            DataTypes.createStructType(
                new StructField[] {
                  DataTypes.createStructField("image", DataTypes.BinaryType, true)
                }))
        .coalesce(1);
  }

  private static List<Float> elements(Dataset<Row> frame) {
    return frame.first().getList(0);
  }

  @ParameterizedTest
  @CsvSource({
    "png, NCHW, '10 40 70 100 20 50 80 110 30 60 90 120'",
    "png, NHWC, '10 20 30 40 50 60 70 80 90 100 110 120'",
    "bmp, NCHW, '10 40 70 100 20 50 80 110 30 60 90 120'",
  })
  void layouts(String format, String layout, String expected) throws IOException {
    Dataset<Row> frame = table(encoded(square(BufferedImage.TYPE_INT_RGB), format));
    assertThat(elements(frame.select(onnxImage(col("image"), 2, 2, layout, ZERO, BYTE))))
        .containsExactly(
            Arrays.stream(expected.split(" ")).map(Float::valueOf).toArray(Float[]::new));
  }

  @Test
  void meanAndStdOfEachChannel() {
    Dataset<Row> image =
        spark.sql(
            "SELECT onnx_image(named_struct('origin', 'here', 'height', 1, 'width', 1,"
                + " 'nChannels', 3, 'mode', 16, 'data', X'00FF33'), 1, 1, 'nchw',"
                + " array(0.1, 0.5, 0), array(0.5, 2, 1))");
    assertThat(elements(image))
        .containsExactly((float) ((51 / 255.0 - 0.1) / 0.5), (float) ((1 - 0.5) / 2), 0f);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 'C8', '200 200 200'",
    "3, 16, '0A141E', '30 20 10'",
    "4, 24, '0A141EFF', '30 20 10'",
  })
  void sparksImages(int channels, int mode, String data, String expected) {
    String struct =
        "named_struct('origin', 'o', 'height', 1, 'width', 1, 'nChannels', %d, 'mode', %d, 'data', X'%s')";
    Dataset<Row> frame =
        spark
            .sql("SELECT " + String.format(Locale.ROOT, struct, channels, mode, data) + " i")
            .select(onnxImage(col("i"), 1, 1, "NHWC", ZERO, BYTE));
    assertThat(elements(frame))
        .containsExactly(
            Arrays.stream(expected.split(" ")).map(Float::valueOf).toArray(Float[]::new));
  }

  @Test
  void oneChannelIsGray() throws IOException {
    double[] none = {0};
    double[] one = {1 / 255.0};
    Dataset<Row> colors = table(encoded(square(BufferedImage.TYPE_INT_RGB), "png"));
    assertThat(elements(colors.select(onnxImage(col("image"), 2, 2, "NCHW", none, one))))
        .containsExactly(18f, 48f, 78f, 108f);
    BufferedImage gray = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    gray.getRaster().setSample(0, 0, 0, 100);
    gray.getRaster().setSample(1, 0, 0, 7);
    Dataset<Row> grays = table(encoded(gray, "png"));
    assertThat(elements(grays.select(onnxImage(col("image"), 1, 2, "NCHW", none, one))))
        .containsExactly(100f, 7f);
    assertThat(elements(grays.select(onnxImage(col("image"), 1, 2, "NHWC", ZERO, BYTE))))
        .containsExactly(100f, 100f, 100f, 7f, 7f, 7f);
  }

  @Test
  void kindsOfPng() throws IOException {
    BufferedImage deep = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    deep.getRaster().setSample(0, 0, 0, 0x40FF);
    BufferedImage clear = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    clear.setRGB(0, 0, 0x000A141E);
    BufferedImage indexed = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_INDEXED);
    indexed.setRGB(0, 0, 0xFFFF0000);
    BufferedImage binary = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_BINARY);
    binary.setRGB(0, 0, 0xFFFFFFFF);
    Dataset<Row> frame =
        table(
                encoded(deep, "png"),
                encoded(clear, "png"),
                encoded(indexed, "png"),
                encoded(binary, "png"))
            .select(onnxImage(col("image"), 1, 1, "NCHW", ZERO, BYTE));
    assertThat(frame.collectAsList().stream().map(row -> row.getList(0)).toList())
        .isEqualTo(
            List.of(
                List.of(64f, 64f, 64f),
                List.of(10f, 20f, 30f),
                List.of(255f, 0f, 0f),
                List.of(255f, 255f, 255f)));
  }

  @Test
  void imagesAreResizedBetweenTheCentresOfPixels() {
    ImageTensor wide = new ImageTensor(1, 4, true, List.of(0.0), List.of(1 / 255.0));
    Pixels two = new Pixels(1, 2, 1, new byte[] {0, 100});
    assertThat(wide.of(two)).containsExactly(0f, 25f, 75f, 100f);
    ImageTensor small = new ImageTensor(1, 2, true, List.of(0.0), List.of(1 / 255.0));
    Pixels four = new Pixels(2, 4, 1, new byte[] {0, 10, 20, 30, 40, 50, 60, 70});
    assertThat(small.of(four)).containsExactly(25f, 45f);
    ImageTensor same = new ImageTensor(2, 4, true, List.of(0.0), List.of(1 / 255.0));
    assertThat(same.of(four)).containsExactly(0f, 10f, 20f, 30f, 40f, 50f, 60f, 70f);
  }

  /** 16×16 pixels in three components, colours at half the resolution. */
  private static final String JPEG =
      """
      /9j/4AAQSkZJRgABAgAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0a
      HBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIy
      MjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/wAARCAAQABADASIA
      AhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQA
      AAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3
      ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWm
      p6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEA
      AwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSEx
      BhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElK
      U1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3
      uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDkINJG
      9cqCTk9A2eee35VqwaShQR+WOmQoHsTgn8+ldNDo8RDAK/XqecVqW2lZbhSDwMqe36UZ7j7ptMWR
      5rs7n//Z
      """;

  @Test
  void aJpegFileHasTheSameSamplesOnEveryJdk() throws NoSuchAlgorithmException {
    Pixels pixels = EncodedImage.decode(Base64.getMimeDecoder().decode(JPEG));
    assertThat(pixels.channels()).isEqualTo(3);
    assertThat(pixels.samples()).hasSize(16 * 16 * 3);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(pixels.samples());
    assertThat(HexFormat.of().formatHex(hash))
        .isEqualTo("8f57001be9ae26620587f5f239ceb6c85086d2febe0d39e636fba9ecb2ffdbc4");
  }

  @Test
  void modelsTakeImages() throws IOException {
    String model =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", 3, 2, 2)
            .node("ReduceSum", List.of("x", "axes"), List.of("y"), "keepdims", 0)
            .longs("axes", new long[] {1, 2, 3}, 3)
            .output("y", ElementType.FLOAT, "N")
            .write(folder, "sum.onnx");
    Dataset<Row> frame = table(encoded(square(BufferedImage.TYPE_INT_RGB), "png"));
    assertThat(
            frame
                .select(onnxPredict(model, onnxImage(col("image"), 2, 2, "NCHW", ZERO, BYTE)))
                .first()
                .getFloat(0))
        .isEqualTo(780f);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void imagesThatDoNotDecode(boolean generated) throws IOException {
    spark.conf().set("spark.sql.codegen.wholeStage", generated);
    spark.conf().set("spark.sql.codegen.factoryMode", generated ? "CODEGEN_ONLY" : "NO_CODEGEN");
    try {
      byte[] png = encoded(square(BufferedImage.TYPE_INT_RGB), "png");
      byte[] jpeg = Base64.getMimeDecoder().decode(JPEG);
      BufferedImage noise = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
      Random random = new Random(3);
      for (int i = 0; i < 64 * 64; i++) {
        noise.setRGB(i % 64, i / 64, random.nextInt());
      }
      byte[] large = encoded(noise, "png");
      byte[][] bad = {
        "no image".getBytes(StandardCharsets.UTF_8),
        new byte[0],
        Arrays.copyOf(large, large.length / 2),
        Arrays.copyOf(jpeg, jpeg.length - 20),
        Arrays.copyOf(jpeg, 30)
      };
      String[] messages = {
        "its 8 bytes are in no format that is known",
        "its 0 bytes are in no format that is known",
        "bytes do not decode",
        "bytes end before the image does",
        "its 30 bytes"
      };
      for (int i = 0; i < bad.length; i++) {
        Dataset<Row> frame = table(png, bad[i], null);
        String message = messages[i];
        assertThatThrownBy(
                () ->
                    frame.select(onnxImage(col("image"), 2, 2, "NCHW", ZERO, BYTE)).collectAsList())
            .hasStackTraceContaining("[ONNX_BAD_IMAGE] onnx_image(image, …), partition 0: image: ")
            .hasStackTraceContaining(message);
        List<Row> tried =
            frame.select(tryOnnxImage(col("image"), 2, 2, "NCHW", ZERO, BYTE)).collectAsList();
        assertThat(tried).extracting(row -> row.isNullAt(0)).containsExactly(false, true, true);
      }
    } finally {
      spark.conf().unset("spark.sql.codegen.wholeStage");
      spark.conf().unset("spark.sql.codegen.factoryMode");
    }
  }

  @Test
  void anImageThatDoesNotDecodeHasAConditionAndAnSqlState() {
    Dataset<Row> frame = table(new byte[] {1, 2, 3});
    assertThatThrownBy(
            () -> frame.select(onnxImage(col("image"), 2, 2, "NCHW", ZERO, BYTE)).collectAsList())
        .isInstanceOfSatisfying(
            SparkThrowable.class,
            e -> {
              assertThat(e.getCondition()).isEqualTo("ONNX_BAD_IMAGE");
              assertThat(e.getSqlState()).isEqualTo("22000");
            })
        .hasMessage(
            "[ONNX_BAD_IMAGE] onnx_image(image, …), partition 0: image: its 3 bytes are in no"
                + " format that is known SQLSTATE: 22000");
  }

  @Test
  void damagedStructsOfSparkNameTheirOrigin() {
    String struct =
        "named_struct('origin', 'file:/cat.jpg', 'height', -1, 'width', -1, 'nChannels', -1,"
            + " 'mode', -1, 'data', X'')";
    assertThatThrownBy(
            () ->
                spark
                    .sql("SELECT " + struct + " i")
                    .select(onnxImage(col("i"), 1, 1, "NHWC", ZERO, BYTE))
                    .collectAsList())
        .hasStackTraceContaining("image file:/cat.jpg: it has -1 channels and mode -1");
  }

  @Test
  void wrongArgumentsAreAllSaid() {
    assertThatThrownBy(
            () ->
                spark.sql(
                    "SELECT onnx_image('text', 0, id, 'HWC', array(1, 2), array(0))"
                        + " FROM range(1)"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("image 'text' has type STRING; an encoded image's binary")
        .hasMessageContaining("height is 0; 1 to 16384 is possible")
        .hasMessageContaining("a constant of type INT is needed")
        .hasMessageContaining("layout is 'HWC'; 'NCHW' or 'NHWC' is needed")
        .hasMessageContaining("mean is array(1, 2); 1 number for gray or 3 for colours are needed")
        .hasMessageContaining("std holds 0");
    assertThatThrownBy(() -> spark.sql("SELECT onnx_image(X'00', 2)"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("takes 6 arguments, 2 are given");
    assertThatThrownBy(() -> spark.sql("SELECT try_onnx_image(X'00', height => 2)"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining(
            "try_onnx_image takes no named argument, as height => is;"
                + " (image, height, width, layout, mean, std) is the order");
  }

  @Test
  void theFunctionsDescribeThemselves() {
    assertThat(spark.sql("DESCRIBE FUNCTION EXTENDED onnx_image").collectAsList().toString())
        .contains("Decodes an image")
        .contains("(sample / 255 - mean) / std");
    assertThat(spark.sql("DESCRIBE FUNCTION try_onnx_image").collectAsList().toString())
        .contains("NULL where it does not decode");
  }
}
