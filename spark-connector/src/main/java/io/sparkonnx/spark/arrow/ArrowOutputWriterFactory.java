package io.sparkonnx.spark.arrow;

import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.types.StructType;

/** Opens a task's files. */
final class ArrowOutputWriterFactory extends OutputWriterFactory {
  private static final long serialVersionUID = 1L;

  private final ArrowWriteOptions options;

  ArrowOutputWriterFactory(ArrowWriteOptions options) {
    this.options = options;
  }

  @Override
  public String getFileExtension(TaskAttemptContext context) {
    return ".arrow";
  }

  @Override
  public OutputWriter newInstance(String path, StructType schema, TaskAttemptContext context) {
    return new ArrowOutputWriter(path, schema, options, context.getConfiguration());
  }
}
