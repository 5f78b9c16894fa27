package io.sparkonnx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.SequenceValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a session keeps from block to block and run to run is seen by no later one. */
class BlockReuseTest {
  private static final int[] ROWS = {1, 700, 9001, 33, 9001, 5000, 700};

  static Set<String> kinds() {
    return BlockModels.all().keySet();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void runsOfOtherSizesBeforeChangeNoBit(String kind) {
    try (Model model = Model.load(BlockModels.all().get(kind), LoadOptions.DEFAULT);
        Session used = model.newSession()) {
      for (int run = 0; run < ROWS.length; run++) {
        int rows = kind.equals("convolution") ? ROWS[run] / 8 + 1 : ROWS[run];
        Map<String, Tensor> inputs = BlockModels.inputs(model, rows, run);
        try (Session fresh = model.newSession()) {
          assertThat(bits(used.run(inputs))).as("run %d", run).isEqualTo(bits(fresh.run(inputs)));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void rowsGetTheirBitsInManyBlocksAsAlone(String kind) {
    try (Model model = Model.load(BlockModels.all().get(kind), LoadOptions.DEFAULT);
        Session session = model.newSession()) {
      Map<String, Tensor> inputs = BlockModels.inputs(model, 9001, 5);
      Map<String, OnnxValue> all = session.run(inputs);
      for (int row : new int[] {0, 4095, 4096, 8192, 9000}) {
        Map<String, List<Long>> alone = bits(session.run(rows(inputs, row, 9001)));
        bits(rows(all, row, 9001))
            .forEach((name, bits) -> assertThat(alone).containsEntry(name, bits));
      }
    }
  }

  @Test
  void viewsOfInputsAreTheCallersOwn() {
    byte[] file =
        ModelBuilder.opset(17)
            .input("x", ElementType.FLOAT, "n", 6)
            .output("same", ElementType.FLOAT, "n", 6)
            .output("shaped", ElementType.FLOAT, "n", 2, 3)
            .output("relu", ElementType.FLOAT, "n", 6)
            .output("wide", ElementType.FLOAT, "n", 6, 1)
            .initializer("shape", Tensor.of(new long[] {-1, 2, 3}, 3))
            .initializer("last", Tensor.of(new long[] {2}, 1))
            .node("Identity", List.of("x"), List.of("same"))
            .node("Reshape", List.of("x", "shape"), List.of("shaped"))
            .node("Relu", List.of("x"), List.of("relu"))
            .node("Unsqueeze", List.of("relu", "last"), List.of("wide"))
            .bytes();
    try (Model model = Model.load(file, LoadOptions.DEFAULT);
        Session session = model.newSession()) {
      Map<String, Tensor> inputs = BlockModels.inputs(model, 9001, 1);
      FloatTensor x = (FloatTensor) inputs.get("x");
      float[] given = x.toArray();
      Map<String, OnnxValue> first = session.run(inputs);
      Arrays.fill(x.array(), 0f);
      session.run(BlockModels.inputs(model, 9001, 2));
      assertThat(((FloatTensor) first.get("same")).toArray()).containsExactly(given);
      assertThat(((FloatTensor) first.get("shaped")).toArray()).containsExactly(given);
      assertThat(bits(first).get("wide")).isEqualTo(bits(first).get("relu"));
      assertThat(((FloatTensor) first.get("wide")).hasDims(9001, 6, 1)).isTrue();
    }
  }

  /** One row of each tensor whose first axis counts all rows. */
  private static <V extends OnnxValue> Map<String, Tensor> rows(
      Map<String, V> values, int row, int total) {
    Map<String, Tensor> rows = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          Tensor tensor = tensor(value);
          int[] dims = tensor.dims();
          dims[0] = 1;
          int at = tensor.offset() + row * (tensor.size() / total);
          rows.put(name, tensor.view(at, dims).copy());
        });
    return rows;
  }

  private static Tensor tensor(OnnxValue value) {
    return value instanceof SequenceValue maps ? maps.mapValues() : (Tensor) value;
  }

  private static Map<String, List<Long>> bits(Map<String, ? extends OnnxValue> values) {
    Map<String, List<Long>> bits = new LinkedHashMap<>();
    values.forEach((name, value) -> bits.put(name, bits(tensor(value))));
    return bits;
  }

  private static List<Long> bits(Tensor tensor) {
    List<Long> bits = new ArrayList<>();
    for (int i = 0; i < tensor.size(); i++) {
      bits.add(
          tensor instanceof LongTensor longs
              ? longs.longAt(i)
              : (long) Float.floatToRawIntBits(((FloatTensor) tensor).get(i)));
    }
    return bits;
  }
}
