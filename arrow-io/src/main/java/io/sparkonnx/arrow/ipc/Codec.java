package io.sparkonnx.arrow.ipc;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.compression.NoCompressionCodec;

/** How the buffers of record batches are compressed. */
public enum Codec {
  NONE(CodecType.NO_COMPRESSION),
  LZ4(CodecType.LZ4_FRAME),
  ZSTD(CodecType.ZSTD);

  private final CodecType type;

  Codec(CodecType type) {
    this.type = type;
  }

  CodecType type() {
    return type;
  }

  CompressionCodec.Factory factory() {
    return this == NONE ? NoCompressionCodec.Factory.INSTANCE : CommonsCompressionFactory.INSTANCE;
  }

  /**
   * The codec of a name, in any case; {@code uncompressed} is another name of {@code none}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Codec of(String name) {
    String wanted = name.toUpperCase(Locale.ROOT);
    if (wanted.equals("UNCOMPRESSED")) {
      return NONE;
    }
    return Arrays.stream(values())
        .filter(codec -> codec.name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        Locale.ROOT,
                        "compression must be one of %s, not '%s'",
                        Arrays.stream(values())
                            .map(Codec::toString)
                            .collect(Collectors.joining(", ")),
                        name)));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
