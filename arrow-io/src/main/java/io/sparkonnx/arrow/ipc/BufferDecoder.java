package io.sparkonnx.arrow.ipc;

import java.util.Locale;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil;

/** Decompresses the buffers of one batch. */
final class BufferDecoder {
  /** A byte of LZ4 stands for at most 255 bytes. */
  private static final long LZ4_RATIO = 255;

  private static final long LENGTH = CompressionUtil.SIZE_OF_UNCOMPRESSED_LENGTH;

  private final BufferAllocator allocator;
  private final CompressionUtil.CodecType type;
  private final CompressionCodec codec;

  BufferDecoder(BodyCompression compression, BufferAllocator allocator) {
    this.allocator = allocator;
    this.type =
        compression == null
            ? CompressionUtil.CodecType.NO_COMPRESSION
            : CompressionUtil.CodecType.fromCompressionType(compression.codec());
    this.codec =
        type == CompressionUtil.CodecType.NO_COMPRESSION
            ? null
            : CommonsCompressionFactory.INSTANCE.createCodec(type);
  }

  /** The buffer's contents. The buffer itself is returned or released, if this fails as well. */
  ArrowBuf decode(ArrowBuf buffer) {
    if (codec == null || buffer.writerIndex() == 0) {
      return buffer;
    }
    ArrowBuf decoded;
    long length;
    try {
      length = decodedLength(buffer);
      decoded = codec.decompress(allocator, buffer);
    } catch (RuntimeException | Error e) {
      buffer.close();
      throw e;
    }
    if (decoded.capacity() < length) {
      decoded.close();
      throw new IllegalArgumentException(
          "a buffer holds " + decoded.capacity() + " bytes, not " + length);
    }
    return decoded;
  }

  /** The length that the buffer says; 0 for one that is not compressed. */
  private long decodedLength(ArrowBuf buffer) {
    long packed = buffer.writerIndex() - LENGTH;
    long length = packed < 0 ? -1 : buffer.getLong(0);
    if (packed >= 0 && length == CompressionUtil.NO_COMPRESSION_LENGTH) {
      return 0;
    }
    long largest =
        type == CompressionUtil.CodecType.LZ4_FRAME
            ? Math.min(Integer.MAX_VALUE, packed * LZ4_RATIO)
            : Long.MAX_VALUE;
    if (length < 0 || length > largest) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a compressed buffer of %d bytes says that it holds %d",
              buffer.writerIndex(),
              length));
    }
    return length;
  }
}
