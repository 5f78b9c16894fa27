package io.sparkonnx.spark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.spark.OnnxConf;
import io.sparkonnx.spark.SparkSessionExtension;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.PrivilegedExceptionAction;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Models on HDFS, by name node and data node in this JVM. */
@ExtendWith(SparkSessionExtension.class)
class HdfsModelTest {
  @TempDir static java.nio.file.Path disk;
  private static MiniDFSCluster cluster;
  private static FileSystem hdfs;

  @BeforeAll
  static void start() throws IOException {
    Configuration conf = new Configuration();
    conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, disk.toString());
    cluster = new MiniDFSCluster.Builder(conf).numDataNodes(1).build();
    cluster.waitActive();
    hdfs = cluster.getFileSystem();
  }

  @AfterAll
  static void stop() {
    cluster.shutdown();
  }

  private static String uri(String path) {
    return hdfs.makeQualified(new Path(path)).toString();
  }

  private static String write(String path, byte[] content) throws IOException {
    try (OutputStream out = hdfs.create(new Path(path), true)) {
      out.write(content);
    }
    return uri(path);
  }

  private static void refused(String model, ModelAccess access, String message) {
    assertThatThrownBy(() -> DriverModels.analyze(model, null, access))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aFileIsReadOnceUntilItChanges() throws IOException {
    ModelAccess access = Access.of();
    String model = write("/a/m.onnx", LinearModel.bytes(1, 2, 31));
    assertThat(Access.predict(model, access, 1, 1)).isEqualTo(34);
    long read = bytesRead();
    assertThat(Access.predict(model, access, 1, 1)).isEqualTo(34);
    assertThat(bytesRead()).isEqualTo(read);

    write("/a/m.onnx", LinearModel.bytes(7, 2, 31));
    assertThat(Access.predict(model, access, 1, 1)).isEqualTo(40);
    assertThat(bytesRead()).isGreaterThan(read);
  }

  private static long bytesRead() {
    return FileSystem.getGlobalStorageStatistics().get("hdfs").getLong("bytesRead");
  }

  @Test
  void externalDataLiesBesideTheModel() throws IOException {
    String model = write("/e/m.onnx", LinearModel.external(1, "d/w.bin"));
    refused(model, Access.of(), "external data d/w.bin of model " + model + " does not exist");
    write("/e/d/w.bin", LinearModel.data(10, 20));
    assertThat(Access.predict(model, Access.of(), 1, 1)).isEqualTo(31);
  }

  @Test
  void theRootsHold() throws IOException {
    write("/in/m.onnx", LinearModel.bytes(1, 2, 32));
    write("/in2/m.onnx", LinearModel.bytes(1, 2, 32));
    ModelAccess access = Access.of(OnnxConf.MODEL_ROOTS, uri("/in"));
    assertThat(Access.predict(uri("/in/m.onnx"), access, 1, 1)).isEqualTo(35);
    for (String path : List.of("/in2/m.onnx", "/in/../in2/m.onnx")) {
      refused(uri("/") + path.substring(1), access, "is outside the folders that");
    }
    refused("hdfs://127.0.0.1:1/in/m.onnx", access, "is outside the folders that");
    refused(disk.resolve("m.onnx").toUri().toString(), access, "is outside the folders that");
  }

  @Test
  void whatCannotBeRead() throws Exception {
    refused(uri("/none.onnx"), Access.of(), "model " + uri("/none.onnx") + " does not exist");
    hdfs.mkdirs(new Path("/folder.onnx"));
    refused(uri("/folder.onnx"), Access.of(), "/folder.onnx");
    String secret = write("/secret.onnx", LinearModel.bytes(1, 2, 33));
    hdfs.setPermission(new Path("/secret.onnx"), new FsPermission("600"));
    UserGroupInformation.createRemoteUser("guest")
        .doAs(
            (PrivilegedExceptionAction<Void>)
                () -> {
                  refused(
                      secret,
                      Access.of(),
                      "model " + secret + " cannot be read: Permission denied: user=guest");
                  return null;
                });
  }

  @Test
  void aFileSystemWithoutItsJarIsSaidInOneLine(SparkSession spark) {
    spark.sparkContext().hadoopConfiguration().set("fs.absent.impl", "org.example.Absent");
    String why =
        " cannot be read: the jars of file system absent: are not all on the class path: Class"
            + " org.example.Absent not found";
    assertThatThrownBy(() -> spark.sql("SELECT onnx_predict('absent://s/m.onnx', 1, 1)"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("[ONNX_MODEL] ")
        .hasMessageContaining("model absent://s/m.onnx" + why);
    assertThatThrownBy(() -> spark.read().format("onnx").load("absent://s/models"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("[ONNX_MODEL_STORE] ")
        .hasMessageContaining("path absent://s/models" + why);
  }

  @Test
  void aStoreMayBeAWholeFileSystemWithoutASlash(SparkSession spark) throws IOException {
    String model = write("/whole/m.onnx", LinearModel.bytes(1, 2, 36));
    Dataset<Row> store = spark.read().format("onnx").load(hdfs.getUri().toString());
    assertThat(store.select("path").collectAsList()).contains(RowFactory.create(model));
  }

  @Test
  void anMlflowFolder() throws IOException {
    String flavors = "flavors:\n  onnx:\n    data: model.onnx\n";
    write("/mlflow/MLmodel", flavors.getBytes(StandardCharsets.UTF_8));
    write("/mlflow/model.onnx", LinearModel.bytes(1, 2, 34));
    assertThat(Access.predict(uri("/mlflow"), Access.of(), 1, 1)).isEqualTo(37);
  }

  @Test
  void queriesScoreAndListModels(SparkSession spark) throws IOException {
    String model = write("/store/m.onnx", LinearModel.bytes(1, 2, 35));
    String query = "SELECT onnx_predict('" + model + "', 1, 1)";
    assertThat(spark.sql(query).first().getFloat(0)).isEqualTo(38);
    write("/store/m.onnx", LinearModel.bytes(2, 2, 35));
    assertThat(spark.sql(query).first().getFloat(0)).isEqualTo(39);
    spark.sql("SET spark.onnx.model.hdfs=" + model);
    assertThat(spark.sql("SELECT onnx_predict('hdfs', 1, 1)").first().getFloat(0)).isEqualTo(39);
    spark.sql("RESET spark.onnx.model.hdfs");
    List<Row> store = spark.read().format("onnx").load(uri("/store")).collectAsList();
    assertThat(store).extracting(row -> row.<String>getAs("path")).containsExactly(model);
  }
}
