package io.sparkonnx.spark.arrow;

import io.sparkonnx.arrow.ipc.IpcFile;
import io.sparkonnx.arrow.ipc.RecordBatches;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.execution.vectorized.ColumnVectorUtils;
import org.apache.spark.sql.execution.vectorized.ConstantColumnVector;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.ArrowUtils;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;

/** The record batches of a part of a file as column batches; a batch is valid until the next. */
final class BatchIterator extends AbstractIterator<ColumnarBatch> implements Closeable {
  private final IpcFile file;
  private final int[] places;
  private final StructType required;
  private final StructType partition;
  private final InternalRow partitionValues;
  private final BufferAllocator allocator;
  private final RecordBatches batches;
  private final ColumnVector[] vectors;
  private boolean loaded;
  private boolean closed;

  /**
   * @param columns each required column's place in the file, -1 for one that is NULL
   */
  BatchIterator(
      IpcFile file, PartitionedFile part, int[] columns, StructType required, StructType partition)
      throws IOException {
    this.file = file;
    this.required = required;
    this.partition = partition;
    this.partitionValues = part.partitionValues();
    this.places = columns;
    this.allocator =
        ArrowUtils.rootAllocator().newChildAllocator("read " + part.filePath(), 0, Long.MAX_VALUE);
    List<Integer> chosen =
        Arrays.stream(columns).filter(c -> c >= 0).sorted().distinct().boxed().toList();
    RecordBatches opened = null;
    try {
      opened = file.read(chosen, blocks(file, part), allocator);
      this.vectors = new ColumnVector[required.length() + partition.length()];
      for (int i = 0; i < places.length; i++) {
        if (places[i] >= 0) {
          vectors[i] =
              ArrowColumns.of(
                  opened.root().getVector(chosen.indexOf(places[i])), opened.dictionaries());
        }
      }
      this.batches = opened;
    } catch (IOException | RuntimeException e) {
      if (opened != null) {
        opened.close();
      }
      allocator.close();
      throw e;
    }
  }

  /** A record batch belongs to the part in which it starts. */
  private static List<ArrowBlock> blocks(IpcFile file, PartitionedFile part) {
    long end = part.start() + part.length();
    return file.blocks().stream()
        .filter(block -> block.getOffset() >= part.start() && block.getOffset() < end)
        .toList();
  }

  @Override
  public boolean hasNext() {
    if (!loaded && !closed) {
      try {
        loaded = batches.next();
      } catch (IOException e) {
        close();
        throw ArrowReadFunction.sneaky(e);
      }
      if (!loaded) {
        close();
      }
    }
    return loaded;
  }

  @Override
  public ColumnarBatch next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    loaded = false;
    int rows = batches.root().getRowCount();
    for (int i = 0; i < required.length(); i++) {
      if (places[i] < 0) {
        ConstantColumnVector missing =
            new ConstantColumnVector(rows, required.fields()[i].dataType());
        missing.setNull();
        vectors[i] = missing;
      }
    }
    for (int i = 0; i < partition.length(); i++) {
      ConstantColumnVector constant =
          new ConstantColumnVector(rows, partition.fields()[i].dataType());
      ColumnVectorUtils.populate(constant, partitionValues, i);
      vectors[required.length() + i] = constant;
    }
    return new ColumnarBatch(vectors.clone(), rows);
  }

  /** This iterator where Spark takes batches for rows. */
  @SuppressWarnings("unchecked")
  Iterator<InternalRow> asRows() {
    return (Iterator<InternalRow>) (Iterator<?>) this;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      loaded = false;
      try (file;
          allocator;
          batches) {
        // Closed in reverse order.
      } catch (IOException e) {
        throw ArrowReadFunction.sneaky(e);
      }
    }
  }
}
