package io.sparkonnx.spark.arrow;

import io.sparkonnx.arrow.ipc.IpcWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.arrow.ArrowWriter;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.ArrowUtils;

/** Gathers rows in vectors and writes these as record batches. */
final class ArrowOutputWriter extends OutputWriter {
  /** Rows between two looks at the size, at most. */
  private static final int LARGEST_STEP = 1024;

  private final String path;
  private final ArrowWriteOptions options;
  private final BufferAllocator allocator;
  private final VectorSchemaRoot root;
  private final ArrowWriter rows;
  private final IpcWriter file;
  private int count;
  private int nextLook = 1;

  ArrowOutputWriter(
      String path, StructType schema, ArrowWriteOptions options, Configuration configuration) {
    this.path = path;
    this.options = options;
    this.allocator =
        ArrowUtils.rootAllocator().newChildAllocator("write " + path, 0, Long.MAX_VALUE);
    this.root =
        VectorSchemaRoot.create(
            ArrowUtils.toArrowSchema(schema, options.timeZone(), true, false), allocator);
    try {
      this.rows = ArrowWriter.create(root);
      this.file =
          IpcWriter.file(
              root,
              new DictionaryProvider.MapDictionaryProvider(),
              Channels.newChannel(create(path, configuration)),
              options.codec(),
              options.limits());
    } catch (RuntimeException e) {
      root.close();
      allocator.close();
      throw e;
    }
  }

  private static OutputStream create(String path, Configuration configuration) {
    try {
      Path target = new Path(path);
      return target.getFileSystem(configuration).create(target, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public void write(InternalRow row) {
    rows.write(row);
    count++;
    if (count >= nextLook) {
      look();
    }
  }

  /** Writes what is there if it is enough, else decides when to look again. */
  private void look() {
    long bytes = rows.sizeInBytes();
    if (count >= options.rows() || bytes >= options.bytes()) {
      flush();
      return;
    }
    double rest = (options.bytes() - bytes) / ((double) Math.max(1, bytes) / count);
    int step = (int) Math.max(1, Math.min(rest / 2, LARGEST_STEP));
    nextLook = Math.min(options.rows(), count + step);
  }

  private void flush() {
    rows.finish();
    try {
      file.write();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    rows.reset();
    count = 0;
    nextLook = 1;
  }

  @Override
  public void close() {
    try (allocator;
        root) {
      try {
        if (count > 0) {
          flush();
        }
      } finally {
        file.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
