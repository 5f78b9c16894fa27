package io.sparkonnx.spark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models on the classpath, as jars bring them. */
class ClasspathModelTest {
  @TempDir Path folder;
  private ClassLoader before;
  private URLClassLoader loader;

  @BeforeEach
  void addJar() throws IOException {
    Path jar = folder.resolve("models.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      entry(out, "models/m.onnx", LinearModel.bytes(500, 2, 3));
      entry(out, "models/e.onnx", LinearModel.external(501, "e.bin"));
      entry(out, "models/e.bin", LinearModel.data(2, 3));
    }
    before = Thread.currentThread().getContextClassLoader();
    loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, before);
    Thread.currentThread().setContextClassLoader(loader);
  }

  private static void entry(JarOutputStream out, String name, byte[] content) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(content);
    out.closeEntry();
  }

  @AfterEach
  void removeJar() throws IOException {
    Thread.currentThread().setContextClassLoader(before);
    loader.close();
  }

  @Test
  void modelsAndTheirDataAreRead() {
    assertThat(Access.predict("classpath:models/m.onnx", Access.of(), 1, 1)).isEqualTo(505);
    assertThat(Access.predict("classpath:/models/m.onnx", Access.of(), 1, 1)).isEqualTo(505);
    assertThat(Access.predict("classpath:models/e.onnx", Access.of(), 1, 1)).isEqualTo(506);
  }

  @Test
  void missingResourcesAndFolders() {
    assertThatThrownBy(() -> DriverModels.analyze("classpath:none.onnx", null, Access.of()))
        .hasMessage("model classpath:none.onnx does not exist");
    assertThatThrownBy(() -> DriverModels.analyze("classpath:models/", null, Access.of()))
        .hasMessage("model classpath:models/ is a folder without an MLmodel file");
  }

  @Test
  void namesThatLeadUpAreRefused() {
    assertThatThrownBy(() -> DriverModels.analyze("classpath:models/../x.onnx", null, Access.of()))
        .hasMessage(
            "model classpath:models/../x.onnx cannot be read: a resource's name has no . or .. in"
                + " it");
  }
}
