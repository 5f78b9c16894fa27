package io.sparkonnx.spark.arrow;

import io.sparkonnx.arrow.ipc.BatchLimits;
import io.sparkonnx.arrow.ipc.Codec;
import io.sparkonnx.spark.bind.OnnxCondition;
import java.io.Serializable;
import java.util.function.Function;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.sql.catalyst.util.CaseInsensitiveMap;
import org.apache.spark.sql.catalyst.util.CaseInsensitiveMap$;
import scala.collection.immutable.Map;

/**
 * How files are written.
 *
 * @param codec option {@code compression}: {@code none} (default), {@code lz4} or {@code zstd}
 * @param bytes option {@code maxBytesPerBatch}: of a record batch before compression, 16m by
 *     default
 * @param rows option {@code maxRecordsPerBatch}: of a record batch, 65536 by default
 * @param timeZone of the session, which Arrow's timestamps carry
 */
record ArrowWriteOptions(Codec codec, long bytes, int rows, String timeZone)
    implements Serializable {
  private static final String COMPRESSION = "compression";
  private static final String BYTES = "maxBytesPerBatch";
  private static final String ROWS = "maxRecordsPerBatch";

  /** The options that are given; raises ONNX_OPTIONS for a value that one does not take. */
  static ArrowWriteOptions of(Map<String, String> options, String timeZone) {
    CaseInsensitiveMap<String> given = CaseInsensitiveMap$.MODULE$.apply(options);
    return new ArrowWriteOptions(
        option(given, COMPRESSION, "none", "none, lz4 or zstd", Codec::of),
        option(
            given,
            BYTES,
            "16m",
            "a size of at least one byte, such as 16m",
            text -> positive(JavaUtils.byteStringAsBytes(text))),
        option(
            given,
            ROWS,
            "65536",
            "a number of rows from 1 to 2147483647",
            text -> (int) positive(Integer.parseInt(text))),
        timeZone);
  }

  private static <T> T option(
      CaseInsensitiveMap<String> options,
      String name,
      String byDefault,
      String takes,
      Function<String, T> read) {
    String value = options.contains(name) ? options.get(name).get() : byDefault;
    try {
      return read.apply(value);
    } catch (IllegalArgumentException e) {
      throw OnnxCondition.ONNX_OPTIONS.raise(
          "format(\"arrow\"): option " + name + " is '" + value + "'; it takes " + takes);
    }
  }

  private static long positive(long value) {
    if (value < 1) {
      throw new IllegalArgumentException();
    }
    return value;
  }

  BatchLimits limits() {
    return new BatchLimits(bytes, rows);
  }
}
