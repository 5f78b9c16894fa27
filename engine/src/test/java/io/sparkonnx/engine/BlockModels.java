package io.sparkonnx.engine;

import static io.sparkonnx.engine.tensor.ElementType.FLOAT;
import static io.sparkonnx.engine.tensor.ElementType.INT64;
import static io.sparkonnx.engine.tensor.ElementType.STRING;

import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Models of the usual kinds with inputs of any number of rows, for runs of many blocks. */
final class BlockModels {
  private static final String ML = "ai.onnx.ml";
  private static final int FEATURES = 12;
  private static final String[] COLOURS = {"red", "green", "blue", "transparent"};

  private BlockModels() {}

  /** Files by kind. */
  static Map<String, byte[]> all() {
    Map<String, byte[]> models = new LinkedHashMap<>();
    SampleNetworks.all().forEach((name, network) -> models.put(name, network.bytes()));
    models.put("logistic regression", logistic());
    models.put("one-hot of strings", oneHot());
    models.put("embedding", embedding());
    models.put("rearranged", rearranged());
    models.put("images as vectors", images());
    return models;
  }

  /** Random inputs for a signature: normal floats, indices 0 to 3, colours. */
  static Map<String, Tensor> inputs(Model model, int rows, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (Signature.Port port : model.signature().inputs()) {
      TensorType type = (TensorType) port.type();
      inputs.put(port.name(), random(random, type.element(), dims(type.shape(), rows)));
    }
    return inputs;
  }

  private static int[] dims(Shape shape, int rows) {
    return shape.evaluate(symbol -> rows);
  }

  private static Tensor random(Random random, ElementType type, int... dims) {
    int size = Tensor.sizeOf(dims);
    if (type == STRING) {
      String[] colours = new String[size];
      for (int i = 0; i < size; i++) {
        colours[i] = COLOURS[random.nextInt(COLOURS.length)];
      }
      return Tensor.of(colours, dims);
    }
    if (type == INT64) {
      return Tensor.of(random.longs(size, 0, 4).toArray(), dims);
    }
    return normal(random, dims);
  }

  private static Tensor normal(Random random, int... dims) {
    float[] values = new float[Tensor.sizeOf(dims)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, dims);
  }

  private static Tensor weights(long seed, int... dims) {
    return normal(new Random(seed), dims);
  }

  private static float[] floats(long seed, int length) {
    return (float[]) weights(seed, length).array();
  }

  private static Tensor longs(long... values) {
    return Tensor.of(values, values.length);
  }

  private static ModelBuilder builder() {
    return ModelBuilder.opset(17).opset(ML, 3);
  }

  /** Scaler, linear functions of three classes, maps of the probabilities. */
  static byte[] logistic() {
    return builder()
        .input("x", FLOAT, "n", FEATURES)
        .output("label", INT64, "n")
        .output("maps")
        .node(
            ML,
            "Scaler",
            List.of("x"),
            List.of("s"),
            "offset",
            floats(1, FEATURES),
            "scale",
            floats(2, FEATURES))
        .node(
            ML,
            "LinearClassifier",
            List.of("s"),
            List.of("label", "p"),
            "coefficients",
            floats(3, 3 * FEATURES),
            "intercepts",
            floats(4, 3),
            "classlabels_ints",
            new long[] {7, 8, 9},
            "post_transform",
            "SOFTMAX")
        .node(
            ML, "ZipMap", List.of("p"), List.of("maps"), "classlabels_int64s", new long[] {7, 8, 9})
        .bytes();
  }

  /** Colours and numbers side by side under a linear function. */
  static byte[] oneHot() {
    return builder()
        .input("colour", STRING, "n", 2)
        .input("x", FLOAT, "n", 3)
        .output("y", FLOAT, "n", 1)
        .initializer("w", weights(1, 8 + 3, 1))
        .initializer("flat", longs(-1, 8))
        .node(
            ML,
            "OneHotEncoder",
            List.of("colour"),
            List.of("hot"),
            "cats_strings",
            new String[] {"blue", "green", "red", "white"})
        .node("Reshape", List.of("hot", "flat"), List.of("h"))
        .node("Concat", List.of("h", "x"), List.of("all"), "axis", 1L)
        .node("MatMul", List.of("all", "w"), List.of("y"))
        .bytes();
  }

  /** Rows of a table picked by tokens, with their positions added, and their mean. */
  static byte[] embedding() {
    return builder()
        .input("tokens", INT64, "n", 6)
        .output("y", FLOAT, "n", 16)
        .initializer("table", weights(1, 4, 16))
        .initializer("positions", weights(2, 6, 16))
        .initializer("gamma", weights(3, 16))
        .initializer("none", longs(0))
        .initializer("dim", longs(2))
        .initializer("low", Tensor.of(new float[] {-9}))
        .node("Gather", List.of("table", "tokens"), List.of("e"))
        .node("Add", List.of("e", "positions"), List.of("p"))
        .node("LayerNormalization", List.of("p", "gamma"), List.of("z"))
        .node("Equal", List.of("tokens", "none"), List.of("padding"))
        .node("Unsqueeze", List.of("padding", "dim"), List.of("mask"))
        .node("Where", List.of("mask", "low", "z"), List.of("m"))
        .node("ReduceMean", List.of("m"), List.of("y"), "axes", new long[] {1}, "keepdims", 0L)
        .bytes();
  }

  /** Split, sliced, transposed, tiled and joined again, after a view of the input. */
  static byte[] rearranged() {
    return builder()
        .input("x", FLOAT, "n", 24)
        .output("y", FLOAT, "n", 40)
        .output("wide", FLOAT, "n", 24, 1)
        .initializer("shape", longs(-1, 4, 6))
        .initializer("parts", longs(2, 4))
        .initializer("starts", longs(1))
        .initializer("ends", longs(4))
        .initializer("axes", longs(1))
        .initializer("repeats", longs(1, 1, 2))
        .initializer("last", longs(2))
        .initializer("flat", longs(-1, 40))
        .node("Unsqueeze", List.of("x", "last"), List.of("wide"))
        .node("Reshape", List.of("x", "shape"), List.of("r"))
        .node("Split", List.of("r", "parts"), List.of("a", "b"), "axis", 2L)
        .node("Slice", List.of("b", "starts", "ends", "axes"), List.of("c"))
        .node("Transpose", List.of("a"), List.of("t"), "perm", new long[] {0, 2, 1})
        .node("Transpose", List.of("c"), List.of("d"), "perm", new long[] {0, 2, 1})
        .node("Tile", List.of("d", "repeats"), List.of("e"))
        .node("Flatten", List.of("t"), List.of("t2"))
        .node("Flatten", List.of("e"), List.of("e2"))
        .node("Flatten", List.of("a"), List.of("a2"))
        .node("Concat", List.of("t2", "e2", "a2"), List.of("y"), "axis", 1L)
        .bytes();
  }

  /** Rows of pixels seen as images, convolved with uneven padding and pooled by their mean. */
  static byte[] images() {
    return builder()
        .input("x", FLOAT, "n", 2 * 9 * 10)
        .output("y", FLOAT, "n", 5 * 2 * 3)
        .initializer("shape", longs(-1, 2, 9, 10))
        .initializer("w", weights(1, 5, 2, 3, 3))
        .node("Reshape", List.of("x", "shape"), List.of("i"))
        .node(
            "Conv",
            List.of("i", "w"),
            List.of("c"),
            "auto_pad",
            "SAME_UPPER",
            "strides",
            new long[] {2, 2})
        .node(
            "AveragePool",
            List.of("c"),
            List.of("p"),
            "kernel_shape",
            new long[] {3, 3},
            "strides",
            new long[] {2, 1})
        .node("Flatten", List.of("p"), List.of("y"))
        .bytes();
  }
}
