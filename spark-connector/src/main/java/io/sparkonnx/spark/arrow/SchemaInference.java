package io.sparkonnx.spark.arrow;

import io.sparkonnx.arrow.ipc.CorruptArrowException;
import io.sparkonnx.arrow.ipc.IpcFile;
import io.sparkonnx.spark.bind.OnnxCondition;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FileSourceOptions;
import org.apache.spark.sql.catalyst.util.CaseInsensitiveMap;
import org.apache.spark.sql.catalyst.util.CaseInsensitiveMap$;
import org.apache.spark.sql.execution.datasources.SchemaMergeUtils;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction4;

/** The schema of the first readable file, or with {@code mergeSchema} that of all. */
final class SchemaInference {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaInference.class);
  private static final String MERGE = "mergeSchema";

  private SchemaInference() {}

  static Option<StructType> infer(
      SparkSession spark, Map<String, String> options, Seq<FileStatus> files) {
    List<FileStatus> sorted = new ArrayList<>(CollectionConverters.asJava(files));
    sorted.removeIf(file -> file.getLen() == 0);
    sorted.sort(Comparator.comparing(file -> file.getPath().toString()));
    CaseInsensitiveMap<String> given = CaseInsensitiveMap$.MODULE$.apply(options);
    if (given.get(MERGE).exists(Boolean::parseBoolean)) {
      return SchemaMergeUtils.mergeSchemasInParallel(
          spark, options, CollectionConverters.asScala(sorted).toSeq(), new Reader());
    }
    FileSourceOptions ignoring = new FileSourceOptions(given);
    Configuration configuration =
        ((org.apache.spark.sql.classic.SparkSession) spark)
            .sessionState()
            .newHadoopConfWithOptions(options);
    List<StructType> first =
        read(
            sorted,
            configuration,
            ignoring.ignoreCorruptFiles(),
            ignoring.ignoreMissingFiles(),
            true);
    return first.isEmpty() ? Option.empty() : Option.apply(first.get(0));
  }

  private static List<StructType> read(
      List<FileStatus> files,
      Configuration configuration,
      boolean ignoreCorrupt,
      boolean ignoreMissing,
      boolean oneIsEnough) {
    List<StructType> schemas = new ArrayList<>();
    for (FileStatus file : files) {
      String name = file.getPath().toString();
      try (IpcFile arrow =
          new IpcFile(name, HadoopChannel.open(file.getPath(), file.getLen(), configuration))) {
        schemas.add(ArrowTypes.structOf(arrow.schema(), name));
      } catch (FileNotFoundException e) {
        skip(ignoreMissing, name, e);
      } catch (CorruptArrowException e) {
        skip(ignoreCorrupt, name, e);
      } catch (IOException e) {
        throw OnnxCondition.ONNX_ARROW_FILE.raise(name + ": " + e.getMessage(), e);
      }
      if (oneIsEnough && !schemas.isEmpty()) {
        break;
      }
    }
    return schemas;
  }

  private static void skip(boolean ignore, String name, IOException e) {
    if (!ignore) {
      throw OnnxCondition.ONNX_ARROW_FILE.raise(e.getMessage(), e);
    }
    LOG.warn("Took no schema from {}", name, e);
  }

  /** Reads the schemas of some files in a task. */
  private static final class Reader
      extends AbstractFunction4<Seq<FileStatus>, Configuration, Object, Object, Seq<StructType>>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Seq<StructType> apply(
        Seq<FileStatus> files, Configuration conf, Object ignoreCorrupt, Object ignoreMissing) {
      return CollectionConverters.asScala(
              read(
                  CollectionConverters.asJava(files),
                  conf,
                  (Boolean) ignoreCorrupt,
                  (Boolean) ignoreMissing,
                  false))
          .toSeq();
    }
  }
}
