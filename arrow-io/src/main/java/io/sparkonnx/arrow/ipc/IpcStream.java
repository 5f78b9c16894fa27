package io.sparkonnx.arrow.ipc;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.stream.IntStream;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Schema;

/** A stream of the Arrow IPC streaming format, read from its start to its end. */
public final class IpcStream implements RecordBatches {
  /** Metadata of more bytes is taken for rubbish. */
  private static final int LARGEST_METADATA = 1 << 28;

  private final String name;
  private final ReadableByteChannel channel;
  private final BufferAllocator allocator;
  private final Schema schema;
  private final BatchLoader loader;

  /**
   * Reads the schema.
   *
   * @param name what errors call the stream
   * @param channel closed with this object, and if this fails
   * @throws CorruptArrowException if it is no such stream
   */
  public IpcStream(String name, ReadableByteChannel channel, BufferAllocator allocator)
      throws IOException {
    this.name = name;
    this.channel = channel;
    this.allocator = allocator;
    try {
      Message message = message();
      if (message == null || message.headerType() != MessageHeader.Schema) {
        throw new CorruptArrowException(
            name + " is no Arrow IPC stream: it does not start with a schema");
      }
      var read =
          (org.apache.arrow.flatbuf.Schema) message.header(new org.apache.arrow.flatbuf.Schema());
      Messages.requireLittleEndian(read);
      this.schema = Schema.convertSchema(read);
      this.loader =
          new BatchLoader(
              schema, IntStream.range(0, schema.getFields().size()).boxed().toList(), allocator);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      channel.close();
      throw failure("its schema cannot be read", e);
    }
  }

  /** The columns' types; a dictionary-encoded column has its values' type and an encoding. */
  public Schema schema() {
    return schema;
  }

  @Override
  public boolean next() throws IOException {
    try {
      for (Message message = message(); message != null; message = message()) {
        try (Body body = new Body(message.bodyLength())) {
          if (message.headerType() == MessageHeader.RecordBatch) {
            loader.load((RecordBatch) message.header(new RecordBatch()), body);
            return true;
          }
          if (message.headerType() != MessageHeader.DictionaryBatch) {
            throw new IllegalArgumentException(
                "a message " + MessageHeader.name(message.headerType()) + " among the batches");
          }
          loader.load((DictionaryBatch) message.header(new DictionaryBatch()), body);
        }
      }
      return false;
    } catch (IOException | RuntimeException e) {
      throw failure("a record batch cannot be read", e);
    }
  }

  /** The next message, or null at the end. */
  private Message message() throws IOException {
    ByteBuffer prefix = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    while (prefix.hasRemaining()) {
      if (channel.read(prefix) < 0) {
        if (prefix.position() == 0) {
          return null;
        }
        throw new EOFException("it ends inside a message");
      }
    }
    int length = prefix.getInt(0);
    if (length == Messages.CONTINUATION) {
      length = Messages.read(channel, 4).getInt();
    }
    if (length == 0) {
      return null;
    }
    if (length < 0 || length > LARGEST_METADATA) {
      throw new IllegalArgumentException("a message of " + length + " bytes");
    }
    return Message.getRootAsMessage(Messages.read(channel, length));
  }

  private IOException failure(String what, Throwable cause) {
    if (cause instanceof CorruptArrowException corrupt) {
      return corrupt;
    }
    if (cause instanceof IOException io && !(cause instanceof EOFException)) {
      return io;
    }
    return new CorruptArrowException(name + ": " + what + ": " + cause.getMessage(), cause);
  }

  @Override
  public VectorSchemaRoot root() {
    return loader.root();
  }

  @Override
  public DictionaryProvider dictionaries() {
    return loader;
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      loader.close();
    }
  }

  /** A body in memory. */
  private final class Body implements BodySource, AutoCloseable {
    private final ArrowBuf bytes;

    Body(long length) throws IOException {
      if (length < 0) {
        throw new IllegalArgumentException("a body of " + length + " bytes");
      }
      this.bytes = length == 0 ? allocator.getEmpty() : Messages.read(channel, length, allocator);
    }

    @Override
    public long length() {
      return bytes.capacity() == 0 ? 0 : bytes.writerIndex();
    }

    @Override
    public ArrowBuf read(long offset, long length) {
      ArrowBuf slice = bytes.slice(offset, length);
      slice.getReferenceManager().retain();
      return slice;
    }

    @Override
    public void close() {
      bytes.close();
    }
  }
}
