package io.sparkonnx.benchmarks;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.profile.RandomInputs;
import io.sparkonnx.engine.tensor.OnnxValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A model that is measured on a device, as its folder describes it.
 *
 * @param name the case
 * @param model its file
 * @param rows the most rows of a run
 * @param dims lengths of symbolic dimensions of its inputs that do not count rows, by name
 */
record DeviceCase(String name, Path model, int rows, Map<String, Integer> dims) {
  private static final int STEP = 4;

  static DeviceCase read(Path folder) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    JsonNode json = mapper.readTree(folder.resolve("case.json").toFile());
    return new DeviceCase(
        json.get("case").asText(),
        folder.resolve("model.onnx"),
        json.get("rows").asInt(),
        mapper.convertValue(json.get("dims"), new TypeReference<>() {}));
  }

  /** Numbers of rows from 1 to the most, four times as many each. */
  int[] sizes() {
    return IntStream.concat(
            IntStream.iterate(1, size -> size < rows, size -> size * STEP), IntStream.of(rows))
        .toArray();
  }

  /** Random inputs of so many rows. */
  Map<String, OnnxValue> inputs(Model loaded, int count) {
    return new RandomInputs().make(loaded.signature(), symbol -> length(symbol, count));
  }

  /** Multiplications and additions of a row; 0 where they are not known. */
  double flops(Model loaded) {
    return loaded.summary().flops().evaluate(symbol -> length(symbol, rows)) / (double) rows;
  }

  private long length(String symbol, int count) {
    return dims.getOrDefault(symbol, count);
  }
}
