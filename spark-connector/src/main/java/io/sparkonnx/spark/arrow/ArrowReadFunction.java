package io.sparkonnx.spark.arrow;

import io.sparkonnx.arrow.ipc.IpcFile;
import io.sparkonnx.spark.bind.OnnxCondition;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** Reads the record batches that start in a part of a file. */
final class ArrowReadFunction extends AbstractFunction1<PartitionedFile, Iterator<InternalRow>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final StructType required;
  private final StructType partition;
  private final boolean caseSensitive;
  private final boolean batches;
  private final Broadcast<SerializableConfiguration> configuration;

  ArrowReadFunction(
      StructType required,
      StructType partition,
      boolean caseSensitive,
      boolean batches,
      Broadcast<SerializableConfiguration> configuration) {
    this.required = required;
    this.partition = partition;
    this.caseSensitive = caseSensitive;
    this.batches = batches;
    this.configuration = configuration;
  }

  @Override
  public Iterator<InternalRow> apply(PartitionedFile part) {
    try {
      IpcFile file =
          new IpcFile(
              part.filePath().toString(),
              HadoopChannel.open(part.toPath(), part.fileSize(), configuration.value().value()));
      BatchIterator iterator = open(file, part);
      TaskContext task = TaskContext.get();
      if (task != null) {
        task.addTaskCompletionListener((TaskCompletionListener) context -> iterator.close());
      }
      return batches ? iterator.asRows() : new RowIterator(iterator, required, partition);
    } catch (IOException e) {
      throw sneaky(e);
    }
  }

  private BatchIterator open(IpcFile file, PartitionedFile part) throws IOException {
    try {
      return new BatchIterator(file, part, columns(file, part), required, partition);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Each required column's place in the file, -1 for one that is not there. */
  private int[] columns(IpcFile file, PartitionedFile part) {
    List<Field> fields = file.schema().getFields();
    int[] columns = new int[required.length()];
    Arrays.fill(columns, -1);
    for (int i = 0; i < columns.length; i++) {
      StructField wanted = required.fields()[i];
      SortedSet<Integer> found = new TreeSet<>();
      for (int f = 0; f < fields.size(); f++) {
        String name = fields.get(f).getName();
        if (caseSensitive ? name.equals(wanted.name()) : name.equalsIgnoreCase(wanted.name())) {
          found.add(f);
        }
      }
      if (found.size() > 1) {
        throw new UnfitFileException(
            OnnxCondition.ONNX_ARROW_NAME,
            String.format(
                Locale.ROOT,
                "%s: column '%s' must be one column, but the file has %s",
                part.filePath(),
                wanted.name(),
                found.stream().map(f -> fields.get(f).getName()).toList()));
      }
      if (!found.isEmpty()) {
        columns[i] = found.first();
        checkType(fields.get(columns[i]), wanted, part);
      }
    }
    return columns;
  }

  private static void checkType(Field field, StructField wanted, PartitionedFile part) {
    DataType type = typeOf(field, part);
    if (!ArrowTypes.sameLayout(type, wanted.dataType())) {
      throw new UnfitFileException(
          OnnxCondition.ONNX_ARROW_TYPE,
          String.format(
              Locale.ROOT,
              "%s: column '%s' must be %s, but the file has %s (Arrow's %s)",
              part.filePath(),
              wanted.name(),
              wanted.dataType().sql(),
              type.sql(),
              field.getType()));
    }
  }

  private static DataType typeOf(Field field, PartitionedFile part) {
    try {
      return ArrowTypes.typeOf(field);
    } catch (IllegalArgumentException e) {
      throw new UnfitFileException(
          OnnxCondition.ONNX_ARROW_TYPE, part.filePath() + ": " + e.getMessage());
    }
  }

  /** Spark looks at the class of what a file's reading throws; its interfaces declare nothing. */
  @SuppressWarnings("unchecked")
  static <E extends Throwable> RuntimeException sneaky(IOException e) throws E {
    throw (E) e;
  }
}
