package io.sparkonnx.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One case as its folder describes it.
 *
 * @param folder with model.onnx and rows.parquet
 * @param name the case
 * @param form {@code array}: a column x of arrays; {@code columns}: c0, c1, …; {@code struct}: a
 *     column for each input; {@code binary}: a column x of little-endian floats
 * @param inputs of the model
 * @param outputs of the model
 * @param width numbers of one row
 * @param shape of one row
 * @param rows in the file
 */
record BenchmarkCase(
    Path folder,
    String name,
    String form,
    List<String> inputs,
    List<String> outputs,
    int width,
    List<Integer> shape,
    long rows) {

  static BenchmarkCase read(Path folder) throws IOException {
    JsonNode json = new ObjectMapper().readTree(folder.resolve("case.json").toFile());
    List<Integer> shape = new ArrayList<>();
    json.get("shape").forEach(length -> shape.add(length.asInt()));
    return new BenchmarkCase(
        folder,
        json.get("case").asText(),
        json.get("form").asText(),
        texts(json.get("inputs")),
        texts(json.get("outputs")),
        json.get("width").asInt(),
        shape,
        json.get("rows").asLong());
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  String model() {
    return folder.resolve("model.onnx").toString();
  }

  String rowsFile() {
    return folder.resolve("rows.parquet").toString();
  }

  /** The columns of the file that a model reads. */
  List<String> columns() {
    if (form.equals("struct")) {
      return inputs;
    }
    if (!form.equals("columns")) {
      return List.of("x");
    }
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      columns.add("c" + i);
    }
    return columns;
  }
}
