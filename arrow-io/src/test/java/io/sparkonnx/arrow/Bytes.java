package io.sparkonnx.arrow;

import io.sparkonnx.arrow.ipc.BatchLimits;
import io.sparkonnx.arrow.ipc.Codec;
import io.sparkonnx.arrow.ipc.IpcWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;

/** Files and streams in memory. */
public final class Bytes {
  private Bytes() {}

  public static SeekableByteChannel file(byte[] bytes) {
    return new MemoryChannel(bytes);
  }

  public static ReadableByteChannel stream(byte[] bytes) {
    return new MemoryChannel(bytes);
  }

  /** A root over vectors that stay their owner's. */
  public static VectorSchemaRoot root(FieldVector... vectors) {
    return new VectorSchemaRoot(List.of(vectors));
  }

  public static byte[] written(
      boolean file,
      DictionaryProvider dictionaries,
      Codec codec,
      BatchLimits limits,
      FieldVector... vectors)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    VectorSchemaRoot root = root(vectors);
    try (IpcWriter writer =
        file
            ? IpcWriter.file(root, dictionaries, Channels.newChannel(out), codec, limits)
            : IpcWriter.stream(root, dictionaries, Channels.newChannel(out), codec, limits)) {
      writer.write();
    }
    return out.toByteArray();
  }
}
