package io.sparkonnx.spark.arrow;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Job;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.CalendarIntervalType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.GeographyType;
import org.apache.spark.sql.types.GeometryType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;
import org.apache.spark.sql.types.VariantType;
import org.apache.spark.util.SerializableConfiguration;
import scala.Function1;
import scala.Option;
import scala.collection.Iterator;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;

/**
 * Arrow IPC files. They are split by record batches and read as columns, of which only those that
 * are asked for; files of other writers may hold every type that {@link ArrowTypes} lists.
 *
 * <p>Options of reading: {@code mergeSchema}. Options of writing: {@code compression}, {@code
 * maxBytesPerBatch}, {@code maxRecordsPerBatch}; see {@link ArrowWriteOptions}.
 */
public final class ArrowFileFormat implements FileFormat, DataSourceRegister, Serializable {
  private static final long serialVersionUID = 1L;

  @Override
  public String shortName() {
    return "arrow";
  }

  @Override
  public Option<StructType> inferSchema(
      SparkSession spark, Map<String, String> options, Seq<FileStatus> files) {
    return SchemaInference.infer(spark, options, files);
  }

  @Override
  public OutputWriterFactory prepareWrite(
      SparkSession spark, Job job, Map<String, String> options, StructType schema) {
    ArrowWriteOptions checked = ArrowWriteOptions.of(options, SQLConf.get().sessionLocalTimeZone());
    return new ArrowOutputWriterFactory(checked);
  }

  @Override
  public boolean supportBatch(SparkSession spark, StructType schema) {
    return true;
  }

  @Override
  public boolean isSplitable(SparkSession spark, Map<String, String> options, Path path) {
    return true;
  }

  @Override
  public Function1<PartitionedFile, Iterator<InternalRow>> buildReaderWithPartitionValues(
      SparkSession spark,
      StructType dataSchema,
      StructType partitionSchema,
      StructType requiredSchema,
      Seq<Filter> filters,
      Map<String, String> options,
      Configuration configuration) {
    return new ArrowReadFunction(
        requiredSchema,
        partitionSchema,
        SQLConf.get().caseSensitiveAnalysis(),
        options.get(FileFormat.OPTION_RETURNING_BATCH()).contains("true"),
        SerializableConfiguration.broadcast(spark.sparkContext(), configuration));
  }

  @Override
  public boolean supportDataType(DataType type) {
    if (type instanceof ArrayType array) {
      return supportDataType(array.elementType());
    }
    if (type instanceof MapType map) {
      return supportDataType(map.keyType()) && supportDataType(map.valueType());
    }
    if (type instanceof StructType struct) {
      for (StructField field : struct.fields()) {
        if (!supportDataType(field.dataType())) {
          return false;
        }
      }
      return true;
    }
    if (type instanceof UserDefinedType<?> user) {
      return supportDataType(user.sqlType());
    }
    if (type instanceof VariantType
        || type instanceof GeometryType
        || type instanceof GeographyType) {
      return false;
    }
    return type instanceof AtomicType
        || type instanceof NullType
        || type instanceof CalendarIntervalType;
  }

  @Override
  public String toString() {
    return "Arrow";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ArrowFileFormat;
  }

  @Override
  public int hashCode() {
    return ArrowFileFormat.class.hashCode();
  }
}
