package io.sparkonnx.spark.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.spark.OnnxConf;
import io.sparkonnx.spark.SparkSessionExtension;
import io.sparkonnx.spark.TestModel;
import io.sparkonnx.spark.model.Access;
import io.sparkonnx.spark.model.LinearModel;
import io.sparkonnx.spark.model.ModelAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much a store reads of a file. */
@ExtendWith(SparkSessionExtension.class)
class ModelBytesTest {
  private static final List<ModelColumn> COLUMNS = ModelColumn.named(new String[] {"problems"});

  @TempDir Path folder;

  private String model() {
    return new TestModel()
        .input("x", ElementType.FLOAT, "N")
        .node("Tanh", List.of("x"), List.of("y"))
        .output("y", ElementType.FLOAT, "N")
        .write(folder, "m.onnx");
  }

  /** The problems of a model whose length was listed as {@code listed}. */
  private static String problems(String model, long listed, long allowed) throws IOException {
    ModelAccess access = Access.of(OnnxConf.MAX_MODEL_BYTES, String.valueOf(allowed));
    ModelStore store = new ModelStore(List.of(model), access.hadoop(), access);
    ModelPartition partition = new ModelPartition(List.of(new StoredModel(model, listed)));
    try (PartitionReader<InternalRow> reader =
        new ModelScan(store, COLUMNS).createReaderFactory().createReader(partition)) {
      assertThat(reader.next()).isTrue();
      return reader.get().getArray(0).toString();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void moreBytesThanAreAllowedAreAProblemOfTheirRow(int listedShare) throws IOException {
    String model = model();
    long size = Files.size(folder.resolve("m.onnx"));
    assertThat(problems(model, listedShare * size, size - 1))
        .contains(
            "the file cannot be read: the model has more than the "
                + (size - 1)
                + " bytes that are allowed (spark.onnx.maxModelBytes or the heap)");
  }

  @Test
  void externalDataCounts() throws IOException {
    byte[] model = LinearModel.external(1, "w.bin");
    Path file = Files.write(folder.resolve("external.onnx"), model);
    byte[] data = LinearModel.data(2, 3);
    Files.write(folder.resolve("w.bin"), data);
    long size = model.length + data.length;
    String path = file.toUri().toString();
    assertThat(problems(path, model.length, size)).doesNotContain("allowed");
    assertThat(problems(path, model.length, size - 1))
        .contains("external data cannot be read: the model has more than the " + (size - 1));
  }

  @Test
  void asManyBytesAsAreAllowedAreRead() throws IOException {
    String model = model();
    long size = Files.size(folder.resolve("m.onnx"));
    assertThat(problems(model, size, size)).doesNotContain("allowed");
  }
}
