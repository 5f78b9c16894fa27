package io.sparkonnx.spark.store;

import io.sparkonnx.spark.model.ModelAccess;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import scala.collection.immutable.Map$;
import scala.jdk.javaapi.CollectionConverters;

/**
 * {@code format("onnx")}: one row per model file. A path is a file, a folder, whose {@code .onnx}
 * files count at any depth, or a glob of either.
 */
public final class OnnxModelSource implements TableProvider, DataSourceRegister {
  /** Name of the format. */
  static final String NAME = "onnx";

  @Override
  public String shortName() {
    return NAME;
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return ModelColumn.schema();
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    SparkSession session = SparkSession.active();
    ModelAccess access = ModelAccess.of(session);
    Configuration configuration =
        access.isRestricted()
            ? access.hadoop()
            : session
                .sessionState()
                .newHadoopConfWithOptions(
                    Map$.MODULE$.from(CollectionConverters.asScala(properties)));
    List<String> paths = ModelStore.paths(new CaseInsensitiveStringMap(properties));
    ModelStore store = new ModelStore(paths, configuration, access);
    store.check();
    return new ModelTable(store);
  }
}
