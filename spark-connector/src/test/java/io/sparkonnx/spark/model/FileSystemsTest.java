package io.sparkonnx.spark.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;

class FileSystemsTest {
  private final Configuration configuration = new Configuration(false);

  /** A file system whose jar is there, without the jar of its client. */
  public static final class WithoutClient extends RawLocalFileSystem {
    @Override
    public void initialize(URI uri, Configuration conf) {
      throw new NoClassDefFoundError("org/example/Client");
    }
  }

  private void refused(Path path, String message) {
    assertThatThrownBy(() -> FileSystems.of(path, configuration))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage(message);
  }

  @Test
  void aFileSystemWithoutItsJar() {
    configuration.set("fs.absent.impl", "org.example.AbsentFileSystem");
    refused(
        new Path("absent://store/m.onnx"),
        "the jars of file system absent: are not all on the class path: Class"
            + " org.example.AbsentFileSystem not found");
  }

  @Test
  void aFileSystemWithoutTheJarOfItsClient() {
    configuration.setClass("fs.clientless.impl", WithoutClient.class, FileSystem.class);
    refused(
        new Path("clientless://store/m.onnx"),
        "the jars of file system clientless: are not all on the class path: org/example/Client");
  }

  @Test
  void aDefaultFileSystemWithoutItsJar() {
    configuration.set("fs.absent.impl", "org.example.AbsentFileSystem");
    configuration.set(FileSystem.FS_DEFAULT_NAME_KEY, "absent://store");
    refused(
        new Path("/m.onnx"),
        "the jars of file system absent: are not all on the class path: Class"
            + " org.example.AbsentFileSystem not found");
  }
}
