package io.sparkonnx.arrow.ipc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TypeLayout;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.DictionaryUtility;
import org.apache.arrow.vector.util.VectorBatchAppender;

/**
 * Loads messages into the vectors of chosen columns: other columns' buffers are not read, other
 * columns' dictionaries are not kept. What is loaded is checked, so that no value lies outside its
 * buffer.
 */
final class BatchLoader implements DictionaryProvider, AutoCloseable {
  private final BufferAllocator allocator;
  private final List<Field> fields = new ArrayList<>();
  private final boolean[] chosen;
  private final Map<Long, Dictionary> dictionaries = new HashMap<>();
  private final VectorSchemaRoot root;

  /**
   * @param schema of the messages, with the dictionaries' value types
   * @param columns indices of the columns to load, ascending
   */
  BatchLoader(Schema schema, List<Integer> columns, BufferAllocator allocator) {
    this.allocator = allocator;
    this.chosen = new boolean[schema.getFields().size()];
    columns.forEach(column -> chosen[column] = true);
    List<FieldVector> vectors = new ArrayList<>();
    for (int i = 0; i < chosen.length; i++) {
      Map<Long, Dictionary> wanted = chosen[i] ? dictionaries : new HashMap<>();
      Field field = DictionaryUtility.toMemoryFormat(schema.getFields().get(i), allocator, wanted);
      fields.add(field);
      if (chosen[i]) {
        vectors.add(field.createVector(allocator));
      } else {
        wanted.values().forEach(dictionary -> dictionary.getVector().close());
      }
    }
    this.root =
        new VectorSchemaRoot(vectors.stream().map(FieldVector::getField).toList(), vectors, 0);
  }

  VectorSchemaRoot root() {
    return root;
  }

  @Override
  public Dictionary lookup(long id) {
    return dictionaries.get(id);
  }

  @Override
  public Set<Long> getDictionaryIds() {
    return dictionaries.keySet();
  }

  /** Replaces the root's rows. */
  void load(RecordBatch batch, BodySource body) throws IOException {
    root.clear();
    load(batch, body, fields, chosen, root);
    for (FieldVector vector : root.getFieldVectors()) {
      VectorCheck.check(vector, this);
    }
  }

  /** Replaces or extends a dictionary; one of no chosen column is passed over. */
  void load(DictionaryBatch batch, BodySource body) throws IOException {
    Dictionary dictionary = dictionaries.get(batch.id());
    if (dictionary == null) {
      return;
    }
    if (!batch.isDelta()) {
      loadDictionary(batch.data(), body, dictionary.getVector());
      return;
    }
    try (FieldVector delta = dictionary.getVector().getField().createVector(allocator)) {
      loadDictionary(batch.data(), body, delta);
      VectorBatchAppender.batchAppend(dictionary.getVector(), delta);
    }
  }

  private void loadDictionary(RecordBatch batch, BodySource body, FieldVector vector)
      throws IOException {
    List<Field> field = List.of(vector.getField());
    // Not closed: the vector is its dictionary's.
    VectorSchemaRoot one = new VectorSchemaRoot(field, List.of(vector), 0);
    load(batch, body, field, new boolean[] {true}, one);
    VectorCheck.check(vector, this);
  }

  private void load(
      RecordBatch batch, BodySource body, List<Field> all, boolean[] wanted, VectorSchemaRoot into)
      throws IOException {
    int rows = checkedRows(batch.length());
    Cursor at = new Cursor();
    List<ArrowFieldNode> nodes = new ArrayList<>();
    List<ArrowBuf> buffers = new ArrayList<>();
    List<Long> variadic = new ArrayList<>();
    BufferDecoder decoder = new BufferDecoder(batch.compression(), allocator);
    try {
      for (int i = 0; i < all.size(); i++) {
        Cursor start = at.copy();
        at.pass(all.get(i), batch);
        if (wanted[i]) {
          addNodes(batch, start, at, nodes, variadic);
          addBuffers(batch, body, start.buffer, at.buffer, decoder, buffers);
          if (nodes.get(nodes.size() - (at.node - start.node)).getLength() != rows) {
            throw new IllegalArgumentException(
                "column '" + all.get(i).getName() + "' has not the " + rows + " rows of its batch");
          }
        }
      }
      try (ArrowRecordBatch loadable =
          new ArrowRecordBatch(
              rows,
              nodes,
              buffers,
              NoCompressionCodec.DEFAULT_BODY_COMPRESSION,
              variadic,
              false,
              true)) {
        new VectorLoader(into).load(loadable);
      }
    } finally {
      buffers.forEach(ArrowBuf::close);
    }
  }

  private static int checkedRows(long rows) {
    if (rows < 0 || rows > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(rows + " rows, at most 2^31-1 are read");
    }
    return (int) rows;
  }

  private static void addNodes(
      RecordBatch batch, Cursor from, Cursor to, List<ArrowFieldNode> nodes, List<Long> variadic) {
    for (int n = from.node; n < to.node; n++) {
      FieldNode node = batch.nodes(n);
      int length = checkedRows(node.length());
      if (node.nullCount() < 0 || node.nullCount() > length) {
        throw new IllegalArgumentException(
            node.nullCount() + " of " + length + " values are said to be NULL");
      }
      nodes.add(new ArrowFieldNode(length, node.nullCount()));
    }
    for (int v = from.variadic; v < to.variadic; v++) {
      variadic.add(batch.variadicBufferCounts(v));
    }
  }

  /** Reads the buffers of one column, which lie side by side, at once. */
  private void addBuffers(
      RecordBatch batch,
      BodySource body,
      int from,
      int to,
      BufferDecoder decoder,
      List<ArrowBuf> buffers)
      throws IOException {
    long begin = Long.MAX_VALUE;
    long end = 0;
    for (int b = from; b < to; b++) {
      Buffer buffer = batch.buffers(b);
      if (buffer.offset() < 0
          || buffer.length() < 0
          || buffer.offset() > body.length() - buffer.length()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "a buffer of %d bytes at %d is outside its body of %d",
                buffer.length(),
                buffer.offset(),
                body.length()));
      }
      if (buffer.length() > 0) {
        begin = Math.min(begin, buffer.offset());
        end = Math.max(end, buffer.offset() + buffer.length());
      }
    }
    ArrowBuf column = end == 0 ? allocator.getEmpty() : body.read(begin, end - begin);
    try {
      for (int b = from; b < to; b++) {
        Buffer buffer = batch.buffers(b);
        ArrowBuf slice =
            buffer.length() == 0
                ? allocator.getEmpty()
                : column.slice(buffer.offset() - begin, buffer.length());
        slice.getReferenceManager().retain();
        buffers.add(decoder.decode(slice));
      }
    } finally {
      column.close();
    }
  }

  /** A place in the flattened lists of a batch. */
  private static final class Cursor {
    private int node;
    private int buffer;
    private int variadic;

    Cursor copy() {
      Cursor copy = new Cursor();
      copy.node = node;
      copy.buffer = buffer;
      copy.variadic = variadic;
      return copy;
    }

    void pass(Field field, RecordBatch batch) {
      node++;
      buffer += TypeLayout.getTypeBufferCount(field.getType());
      if (field.getType() instanceof ArrowType.Utf8View
          || field.getType() instanceof ArrowType.BinaryView) {
        long count =
            variadic < batch.variadicBufferCountsLength()
                ? batch.variadicBufferCounts(variadic)
                : -1;
        if (count < 0 || count > batch.buffersLength()) {
          throw new IllegalArgumentException(
              "column '" + field.getName() + "' does not say how many data buffers it has");
        }
        variadic++;
        buffer += (int) count;
      }
      for (Field child : field.getChildren()) {
        pass(child, batch);
      }
      if (node > batch.nodesLength() || buffer > batch.buffersLength()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%d nodes and %d buffers are too few for the schema",
                batch.nodesLength(),
                batch.buffersLength()));
      }
    }
  }

  @Override
  public void close() {
    root.close();
    dictionaries.values().forEach(dictionary -> dictionary.getVector().close());
  }
}
