package io.sparkonnx.arrow.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.message.ArrowBlock;

/** Record batches of a file. */
final class FileBatches implements RecordBatches {
  private final IpcFile file;
  private final List<ArrowBlock> blocks;
  private final BufferAllocator allocator;
  private final BatchLoader loader;
  private int next;

  FileBatches(
      IpcFile file, List<Integer> columns, List<ArrowBlock> blocks, BufferAllocator allocator)
      throws IOException {
    this.file = file;
    this.blocks = blocks;
    this.allocator = allocator;
    try {
      this.loader = new BatchLoader(file.schema(), columns, allocator);
    } catch (RuntimeException e) {
      throw file.failure("its columns cannot be read", e);
    }
  }

  void loadDictionaries(List<ArrowBlock> dictionaries) throws IOException {
    if (loader.getDictionaryIds().isEmpty()) {
      return;
    }
    for (ArrowBlock block : dictionaries) {
      try {
        Message message = message(block, MessageHeader.DictionaryBatch);
        loader.load((DictionaryBatch) message.header(new DictionaryBatch()), body(block));
      } catch (IOException | RuntimeException e) {
        throw file.failure("the dictionary at " + block.getOffset() + " cannot be read", e);
      }
    }
  }

  @Override
  public boolean next() throws IOException {
    if (next == blocks.size()) {
      return false;
    }
    ArrowBlock block = blocks.get(next++);
    try {
      Message message = message(block, MessageHeader.RecordBatch);
      loader.load((RecordBatch) message.header(new RecordBatch()), body(block));
    } catch (IOException | RuntimeException e) {
      throw file.failure("the record batch at " + block.getOffset() + " cannot be read", e);
    }
    return true;
  }

  private Message message(ArrowBlock block, byte kind) throws IOException {
    file.channel().position(block.getOffset());
    ByteBuffer bytes = Messages.read(file.channel(), block.getMetadataLength());
    bytes.position(bytes.getInt(0) == Messages.CONTINUATION ? 8 : 4);
    Message message = Message.getRootAsMessage(bytes);
    if (message.headerType() != kind) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "it is a message %s, not %s",
              MessageHeader.name(message.headerType()),
              MessageHeader.name(kind)));
    }
    return message;
  }

  private BodySource body(ArrowBlock block) {
    return new BodySource() {
      @Override
      public long length() {
        return block.getBodyLength();
      }

      @Override
      public ArrowBuf read(long offset, long length) throws IOException {
        file.channel().position(block.getOffset() + block.getMetadataLength() + offset);
        return Messages.read(file.channel(), length, allocator);
      }
    };
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
  public void close() {
    loader.close();
  }
}
