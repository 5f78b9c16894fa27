package io.sparkonnx.spark.arrow;

import io.sparkonnx.arrow.ipc.BatchLimits;
import io.sparkonnx.arrow.ipc.Codec;
import java.io.Serializable;
import java.util.Locale;
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

  /**
   * @throws IllegalArgumentException if an option cannot be read
   */
  static ArrowWriteOptions of(Map<String, String> options, String timeZone) {
    CaseInsensitiveMap<String> given = CaseInsensitiveMap$.MODULE$.apply(options);
    ArrowWriteOptions result =
        new ArrowWriteOptions(
            option(given, COMPRESSION, "none", Codec::of),
            option(given, BYTES, "16m", JavaUtils::byteStringAsBytes),
            option(given, ROWS, "65536", Integer::parseInt),
            timeZone);
    result.limits();
    return result;
  }

  private static <T> T option(
      CaseInsensitiveMap<String> options, String name, String byDefault, Function<String, T> read) {
    String value = options.contains(name) ? options.get(name).get() : byDefault;
    try {
      return read.apply(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "format 'arrow', option %s = '%s': %s", name, value, e.getMessage()),
          e);
    }
  }

  BatchLimits limits() {
    return new BatchLimits(bytes, rows);
  }
}
