package io.sparkonnx.arrow.ipc;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;

/**
 * Writes the rows of one root, again and again, as record batches within limits. Closing completes
 * the file or stream and closes the channel; the root stays its owner's. An abandoned writer leaves
 * an incomplete file.
 */
public final class IpcWriter implements AutoCloseable {
  private final VectorSchemaRoot root;
  private final BatchLimits limits;
  private final VectorSchemaRoot batch;
  private final ArrowWriter writer;
  private long batches;

  private IpcWriter(VectorSchemaRoot root, BatchLimits limits, Opener opener) {
    this.root = root;
    this.limits = limits;
    List<FieldVector> vectors = new ArrayList<>();
    for (FieldVector vector : root.getFieldVectors()) {
      vectors.add(vector.getField().createVector(vector.getAllocator()));
    }
    this.batch = new VectorSchemaRoot(root.getSchema(), vectors, 0);
    this.writer = opener.open(batch);
  }

  private interface Opener {
    ArrowWriter open(VectorSchemaRoot batch);
  }

  /** A writer of the file format, which can be read from any record batch on. */
  public static IpcWriter file(
      VectorSchemaRoot root,
      DictionaryProvider dictionaries,
      WritableByteChannel out,
      Codec codec,
      BatchLimits limits) {
    return new IpcWriter(
        root,
        limits,
        batch ->
            new ArrowFileWriter(
                batch, dictionaries, out, null, IpcOption.DEFAULT, codec.factory(), codec.type()));
  }

  /** A writer of the stream format, which is read from its start. */
  public static IpcWriter stream(
      VectorSchemaRoot root,
      DictionaryProvider dictionaries,
      WritableByteChannel out,
      Codec codec,
      BatchLimits limits) {
    return new IpcWriter(
        root,
        limits,
        batch ->
            new ArrowStreamWriter(
                batch,
                dictionaries,
                out,
                IpcOption.DEFAULT,
                codec.factory(),
                codec.type(),
                Optional.empty()));
  }

  /** Writes the root's rows; those of no rows are no batch. */
  public void write() throws IOException {
    int rows = root.getRowCount();
    int next = rows;
    for (int from = 0; from < rows; from += batch.getRowCount()) {
      next = fit(from, (int) Math.min(2L * next, Math.min(rows - from, limits.rows())));
      writer.writeBatch();
      batches++;
      batch.clear();
      batch.setRowCount(next);
    }
  }

  /** Record batches written so far. */
  public long batches() {
    return batches;
  }

  /** Moves rows into the batch, at most {@code rows} and as many as its limit allows. */
  private int fit(int from, int rows) {
    int count = rows;
    while (true) {
      slice(from, count);
      long bytes = bodyBytes();
      if (bytes <= limits.bytes() || count == 1) {
        return count;
      }
      long share = (long) ((double) count * limits.bytes() / bytes);
      count = (int) Math.max(1, Math.min(share, count - 1));
    }
  }

  private void slice(int from, int rows) {
    batch.clear();
    for (int i = 0; i < root.getFieldVectors().size(); i++) {
      root.getVector(i).makeTransferPair(batch.getVector(i)).splitAndTransfer(from, rows);
    }
    batch.setRowCount(rows);
  }

  private long bodyBytes() {
    try (ArrowRecordBatch unloaded = new VectorUnloader(batch).getRecordBatch()) {
      return unloaded.computeBodyLength();
    }
  }

  @Override
  public void close() throws IOException {
    try (batch) {
      writer.end();
    } finally {
      release();
    }
  }

  /** Arrow's writer closes the channel and its copies of dictionaries. */
  private void release() throws IOException {
    try {
      writer.close();
    } catch (RuntimeException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw e;
    }
  }
}
