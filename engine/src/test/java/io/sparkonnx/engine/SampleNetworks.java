package io.sparkonnx.engine;

import static io.sparkonnx.engine.tensor.ElementType.FLOAT;

import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small networks with seeded random weights and any number of rows, for end-to-end tests. */
final class SampleNetworks {
  private final Random random;

  private SampleNetworks(long seed) {
    this.random = new Random(seed);
  }

  /** A network's file and the shape of one row of its input {@code x}; its output is {@code y}. */
  record Network(byte[] bytes, int... row) {}

  static Map<String, Network> all() {
    return Map.of(
        "mlp",
        mlp(),
        "convolution",
        convolution(),
        "digits",
        digits(12),
        "transformer",
        transformer(),
        "trees",
        trees());
  }

  private Tensor normal(double spread, int... dims) {
    float[] values = new float[Tensor.sizeOf(dims)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (spread * random.nextGaussian());
    }
    return Tensor.of(values, dims);
  }

  private Tensor positive(int... dims) {
    float[] values = new float[Tensor.sizeOf(dims)];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.5f + random.nextFloat();
    }
    return Tensor.of(values, dims);
  }

  /** 64-256-128-1 with ReLU, tanh and sigmoid. */
  static Network mlp() {
    SampleNetworks weights = new SampleNetworks(1);
    ModelBuilder builder =
        ModelBuilder.opset(17)
            .input("x", FLOAT, "n", 64)
            .output("y", FLOAT, "n", 1)
            .initializer("w1", weights.normal(0.2, 64, 256))
            .initializer("b1", weights.normal(0.2, 256))
            .initializer("w2", weights.normal(0.1, 256, 128))
            .initializer("b2", weights.normal(0.2, 128))
            .initializer("w3", weights.normal(0.1, 128, 1))
            .initializer("b3", weights.normal(0.2, 1))
            .node("Gemm", List.of("x", "w1", "b1"), List.of("h1"))
            .node("Relu", List.of("h1"), List.of("a1"))
            .node("MatMul", List.of("a1", "w2"), List.of("h2"))
            .node("Add", List.of("h2", "b2"), List.of("s2"))
            .node("Tanh", List.of("s2"), List.of("a2"))
            .node("Gemm", List.of("a2", "w3", "b3"), List.of("h3"))
            .node("Sigmoid", List.of("h3"), List.of("y"));
    return new Network(builder.bytes(), 64);
  }

  /** One product with a constant matrix [size, size]. */
  static Network matMul(int size) {
    ModelBuilder builder =
        ModelBuilder.opset(17)
            .input("x", FLOAT, "n", size)
            .output("y", FLOAT, "n", size)
            .initializer("w", new SampleNetworks(5).normal(0.1, size, size))
            .node("MatMul", List.of("x", "w"), List.of("y"));
    return new Network(builder.bytes(), size);
  }

  /** General, depthwise and 1×1 convolution, BatchNormalization, pooling, a classifier. */
  static Network convolution() {
    SampleNetworks weights = new SampleNetworks(2);
    ModelBuilder builder =
        ModelBuilder.opset(17)
            .input("x", FLOAT, "n", 3, 13, 11)
            .output("y", FLOAT, "n", 10)
            .initializer("w1", weights.normal(0.3, 18, 3, 3, 3))
            .initializer("b1", weights.normal(0.1, 18))
            .initializer("scale", weights.positive(18))
            .initializer("bias", weights.normal(0.1, 18))
            .initializer("mean", weights.normal(0.1, 18))
            .initializer("var", weights.positive(18))
            .initializer("w2", weights.normal(0.3, 18, 1, 3, 3))
            .initializer("w3", weights.normal(0.3, 24, 18, 1, 1))
            .initializer("w4", weights.normal(0.3, 10, 24))
            .node("Conv", List.of("x", "w1", "b1"), List.of("c1"), "pads", new long[] {1, 1, 1, 1})
            .node(
                "BatchNormalization", List.of("c1", "scale", "bias", "mean", "var"), List.of("n1"))
            .node("Relu", List.of("n1"), List.of("a1"))
            .node(
                "Conv",
                List.of("a1", "w2"),
                List.of("c2"),
                "group",
                18L,
                "strides",
                new long[] {2, 2})
            .node("HardSwish", List.of("c2"), List.of("a2"))
            .node("MaxPool", List.of("a2"), List.of("p2"), "kernel_shape", new long[] {2, 2})
            .node("Conv", List.of("p2", "w3"), List.of("c3"))
            .node("LeakyRelu", List.of("c3"), List.of("a3"))
            .node("GlobalAveragePool", List.of("a3"), List.of("g"))
            .node("Flatten", List.of("g"), List.of("f"))
            .node("Gemm", List.of("f", "w4"), List.of("l"), "transB", 1L)
            .node("Softmax", List.of("l"), List.of("y"));
    return new Network(builder.bytes(), 3, 13, 11);
  }

  /**
   * Two 5×5 convolutions of 8 and 16 channels with ReLU and pooling, and a linear layer: the
   * topology that the Spark benchmark scores on images of size 28.
   */
  static Network digits(int size) {
    SampleNetworks weights = new SampleNetworks(6);
    long[] pads = {2, 2, 2, 2};
    long[] two = {2, 2};
    int pixels = size / 4 * (size / 4);
    ModelBuilder builder =
        ModelBuilder.opset(13)
            .input("x", FLOAT, "n", 1, size, size)
            .output("y", FLOAT, "n", 10)
            .initializer("w0", weights.normal(0.15, 8, 1, 5, 5))
            .initializer("b0", weights.normal(0.15, 8))
            .initializer("w1", weights.normal(0.15, 16, 8, 5, 5))
            .initializer("b1", weights.normal(0.15, 16))
            .initializer("w2", weights.normal(0.15, 16 * pixels, 10))
            .initializer("b2", weights.normal(0.15, 10))
            .node("Conv", List.of("x", "w0", "b0"), List.of("c0"), "pads", pads)
            .node("Relu", List.of("c0"), List.of("r0"))
            .node("MaxPool", List.of("r0"), List.of("p0"), "kernel_shape", two, "strides", two)
            .node("Conv", List.of("p0", "w1", "b1"), List.of("c1"), "pads", pads)
            .node("Relu", List.of("c1"), List.of("r1"))
            .node("MaxPool", List.of("r1"), List.of("p1"), "kernel_shape", two, "strides", two)
            .node("Flatten", List.of("p1"), List.of("f"))
            .node("Gemm", List.of("f", "w2", "b2"), List.of("y"));
    return new Network(builder.bytes(), 1, size, size);
  }

  /** LayerNormalization, two heads of attention, a GELU block, reductions. */
  static Network transformer() {
    SampleNetworks weights = new SampleNetworks(3);
    ModelBuilder builder =
        ModelBuilder.opset(20)
            .input("x", FLOAT, "n", 9, 32)
            .output("y", FLOAT, "n", 32)
            .initializer("gamma", weights.positive(32))
            .initializer("beta", weights.normal(0.1, 32))
            .initializer("wq", weights.normal(0.2, 32, 32))
            .initializer("wk", weights.normal(0.2, 32, 32))
            .initializer("wv", weights.normal(0.2, 32, 32))
            .initializer("wf", weights.normal(0.2, 32, 70))
            .initializer("wg", weights.normal(0.2, 70, 32))
            .initializer("heads", Tensor.of(new long[] {0, 9, 2, 16}, 4))
            .initializer("joined", Tensor.of(new long[] {0, 9, 32}, 3))
            .initializer("root", Tensor.of(new float[] {4}))
            .initializer("exponent", Tensor.of(new float[] {1.7f}))
            .node("LayerNormalization", List.of("x", "gamma", "beta"), List.of("z"));
    for (String part : List.of("q", "k", "v")) {
      builder
          .node("MatMul", List.of("z", "w" + part), List.of(part))
          .node("Reshape", List.of(part, "heads"), List.of(part + "h"));
    }
    builder
        .node("Transpose", List.of("qh"), List.of("qt"), "perm", new long[] {0, 2, 1, 3})
        .node("Transpose", List.of("kh"), List.of("kt"), "perm", new long[] {0, 2, 3, 1})
        .node("Transpose", List.of("vh"), List.of("vt"), "perm", new long[] {0, 2, 1, 3})
        .node("MatMul", List.of("qt", "kt"), List.of("qk"))
        .node("Div", List.of("qk", "root"), List.of("scaled"))
        .node("Softmax", List.of("scaled"), List.of("attention"))
        .node("MatMul", List.of("attention", "vt"), List.of("heads_out"))
        .node("Transpose", List.of("heads_out"), List.of("ot"), "perm", new long[] {0, 2, 1, 3})
        .node("Reshape", List.of("ot", "joined"), List.of("o"))
        .node("Add", List.of("o", "x"), List.of("r"))
        .node("MatMul", List.of("r", "wf"), List.of("f"))
        .node("Gelu", List.of("f"), List.of("g"))
        .node("MatMul", List.of("g", "wg"), List.of("h"))
        .node("Softplus", List.of("h"), List.of("soft"))
        .node("Pow", List.of("soft", "exponent"), List.of("p"))
        .node("ReduceMean", List.of("p", "axis"), List.of("y"), "keepdims", 0L)
        .initializer("axis", Tensor.of(new long[] {1}, 1));
    return new Network(builder.bytes(), 9, 32);
  }

  /** Forty full trees of depth five over twenty features, and their logistic function. */
  static Network trees() {
    return trees(40, 5, 20);
  }

  /** Full trees, one target, and the logistic function of their sum. */
  static Network trees(int trees, int depth, int featureCount) {
    SampleNetworks weights = new SampleNetworks(4);
    int branches = (1 << depth) - 1;
    int nodes = 2 * branches + 1;
    long[] treeIds = new long[trees * nodes];
    long[] nodeIds = new long[trees * nodes];
    long[] features = new long[trees * nodes];
    float[] values = new float[trees * nodes];
    long[] yes = new long[trees * nodes];
    long[] no = new long[trees * nodes];
    String[] modes = new String[trees * nodes];
    for (int i = 0; i < trees * nodes; i++) {
      int node = i % nodes;
      boolean leaf = node >= branches;
      treeIds[i] = i / nodes;
      nodeIds[i] = node;
      features[i] = leaf ? 0 : weights.random.nextInt(featureCount);
      values[i] = leaf ? 0 : (float) weights.random.nextGaussian();
      yes[i] = leaf ? 0 : 2 * node + 1;
      no[i] = leaf ? 0 : 2 * node + 2;
      modes[i] = leaf ? "LEAF" : "BRANCH_LEQ";
    }
    int leaves = trees * (nodes - branches);
    long[] targetTrees = new long[leaves];
    long[] targetNodes = new long[leaves];
    float[] targetWeights = new float[leaves];
    for (int i = 0; i < leaves; i++) {
      targetTrees[i] = i / (nodes - branches);
      targetNodes[i] = branches + i % (nodes - branches);
      targetWeights[i] = (float) weights.random.nextGaussian();
    }
    ModelBuilder builder =
        ModelBuilder.opset(17)
            .opset("ai.onnx.ml", 1)
            .input("x", FLOAT, "n", featureCount)
            .output("y", FLOAT, "n", 1)
            .node(
                "ai.onnx.ml",
                "TreeEnsembleRegressor",
                List.of("x"),
                List.of("score"),
                "n_targets",
                1L,
                "nodes_treeids",
                treeIds,
                "nodes_nodeids",
                nodeIds,
                "nodes_featureids",
                features,
                "nodes_values",
                values,
                "nodes_modes",
                modes,
                "nodes_truenodeids",
                yes,
                "nodes_falsenodeids",
                no,
                "target_treeids",
                targetTrees,
                "target_nodeids",
                targetNodes,
                "target_ids",
                new long[leaves],
                "target_weights",
                targetWeights)
            .node("Sigmoid", List.of("score"), List.of("y"));
    return new Network(builder.bytes(), featureCount);
  }
}
