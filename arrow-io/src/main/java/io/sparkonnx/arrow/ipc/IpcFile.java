package io.sparkonnx.arrow.ipc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowFooter;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A file of the Arrow IPC file format: its footer at first, then any columns of any record batches.
 */
public final class IpcFile implements AutoCloseable {
  private static final byte[] MAGIC = "ARROW1".getBytes(US_ASCII);

  /** Magic and padding before, footer length and magic after. */
  private static final int SMALLEST = 8 + 4 + MAGIC.length;

  private final String name;
  private final SeekableByteChannel channel;
  private final long size;
  private final ArrowFooter footer;

  /**
   * Reads the footer.
   *
   * @param name what errors call the file
   * @param channel closed with this object, and if this fails
   * @throws CorruptArrowException if it is no such file
   */
  public IpcFile(String name, SeekableByteChannel channel) throws IOException {
    this.name = name;
    this.channel = channel;
    try {
      this.size = channel.size();
      this.footer = readFooter();
    } catch (IOException | RuntimeException | StackOverflowError e) {
      channel.close();
      throw failure("its footer cannot be read", e);
    }
  }

  private ArrowFooter readFooter() throws IOException {
    if (size < SMALLEST) {
      throw new CorruptArrowException(
          name + " is no Arrow IPC file: " + size + " bytes are too few");
    }
    channel.position(0);
    requireMagic(Messages.read(channel, MAGIC.length), "starts");
    channel.position(size - MAGIC.length - 4);
    ByteBuffer tail = Messages.read(channel, MAGIC.length + 4);
    int length = tail.getInt();
    requireMagic(tail, "ends");
    if (length <= 0 || length > size - SMALLEST) {
      throw new CorruptArrowException(
          String.format(
              Locale.ROOT,
              "%s: a footer of %d bytes does not fit a file of %d",
              name,
              length,
              size));
    }
    channel.position(size - MAGIC.length - 4 - length);
    Footer read = Footer.getRootAsFooter(Messages.read(channel, length));
    Messages.requireLittleEndian(read.schema());
    ArrowFooter result = new ArrowFooter(read);
    result.getDictionaries().forEach(this::checkBlock);
    result.getRecordBatches().forEach(this::checkBlock);
    return result;
  }

  private void requireMagic(ByteBuffer bytes, String where) throws CorruptArrowException {
    byte[] found = new byte[MAGIC.length];
    bytes.get(found);
    if (!Arrays.equals(found, MAGIC)) {
      throw new CorruptArrowException(
          String.format(
              Locale.ROOT,
              "%s is no Arrow IPC file: it %s with %s, not with ARROW1",
              name,
              where,
              printable(found)));
    }
  }

  private static String printable(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      text.append(
          b > 0x20 && b < 0x7F
              ? String.valueOf((char) b)
              : String.format(Locale.ROOT, "\\x%02x", b));
    }
    return text.toString();
  }

  private void checkBlock(ArrowBlock block) {
    long end = size - SMALLEST;
    if (block.getOffset() < 0
        || block.getMetadataLength() <= 8
        || block.getBodyLength() < 0
        || block.getMetadataLength() > end
        || block.getBodyLength() > end - block.getMetadataLength()
        || block.getOffset() > end - block.getMetadataLength() - block.getBodyLength()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a block of %d + %d bytes at %d is outside the file of %d",
              block.getMetadataLength(),
              block.getBodyLength(),
              block.getOffset(),
              size));
    }
  }

  /** The columns' types; a dictionary-encoded column has its values' type and an encoding. */
  public Schema schema() {
    return footer.getSchema();
  }

  /** Where the record batches lie, in order. */
  public List<ArrowBlock> blocks() {
    return footer.getRecordBatches();
  }

  /** All columns of all record batches. */
  public RecordBatches read(BufferAllocator allocator) throws IOException {
    int columns = schema().getFields().size();
    return read(IntStream.range(0, columns).boxed().toList(), blocks(), allocator);
  }

  /**
   * Some columns of some record batches; nothing else is read but their dictionaries.
   *
   * @param columns indices into the schema, ascending
   * @param blocks of {@link #blocks()}
   */
  public RecordBatches read(
      List<Integer> columns, List<ArrowBlock> blocks, BufferAllocator allocator)
      throws IOException {
    FileBatches batches = new FileBatches(this, columns, blocks, allocator);
    try {
      batches.loadDictionaries(footer.getDictionaries());
      return batches;
    } catch (IOException | RuntimeException | Error e) {
      batches.close();
      throw e;
    }
  }

  SeekableByteChannel channel() {
    return channel;
  }

  /** An error of the input as an exception that names the file; others as they are. */
  IOException failure(String what, Throwable cause) {
    if (cause instanceof CorruptArrowException corrupt) {
      return corrupt;
    }
    if (cause instanceof IOException io && !(cause instanceof EOFException)) {
      return io;
    }
    return new CorruptArrowException(name + ": " + what + ": " + cause.getMessage(), cause);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
