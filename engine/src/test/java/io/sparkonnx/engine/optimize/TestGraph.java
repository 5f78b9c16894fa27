package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphInput;
import io.sparkonnx.engine.graph.GraphOutput;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.OperatorTable;
import io.sparkonnx.engine.op.generate.GenerateOperators;
import io.sparkonnx.engine.op.math.MathOperators;
import io.sparkonnx.engine.op.matrix.MatrixOperators;
import io.sparkonnx.engine.op.nn.NnOperators;
import io.sparkonnx.engine.op.reduce.ReduceOperators;
import io.sparkonnx.engine.op.tensor.TensorOperators;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Builds small graphs: {@code new TestGraph(13).input("x", "N", 3).node("Relu", "y", "x")}. */
final class TestGraph {
  private static final OperatorTable TABLE = new OperatorTable();

  static {
    GenerateOperators.register(TABLE);
    MathOperators.register(TABLE);
    MatrixOperators.register(TABLE);
    NnOperators.register(TABLE);
    ReduceOperators.register(TABLE);
    TensorOperators.register(TABLE);
  }

  private final int opset;
  private final List<GraphInput> inputs = new ArrayList<>();
  private final List<GraphOutput> outputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> constants = new HashMap<>();
  private final Random random = new Random(7);

  TestGraph(int opset) {
    this.opset = opset;
  }

  /** A float input; a dimension is a number or a symbol's name. */
  TestGraph input(String name, Object... dims) {
    return input(name, ElementType.FLOAT, dims);
  }

  TestGraph input(String name, ElementType type, Object... dims) {
    Dim[] shape =
        Arrays.stream(dims)
            .map(d -> d instanceof String s ? Dim.symbol(s) : Dim.of((Integer) d))
            .toArray(Dim[]::new);
    inputs.add(new GraphInput(name, new TensorType(type, Shape.of(shape)), false));
    return this;
  }

  TestGraph constant(String name, Tensor value) {
    constants.put(name, value);
    return this;
  }

  /** A constant of normal random floats. */
  TestGraph weights(String name, int... dims) {
    return constant(name, random(random, dims));
  }

  /** A constant of random floats above zero. */
  TestGraph positive(String name, int... dims) {
    float[] values = random(random, dims).toArray();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.abs(values[i]) + 0.5f;
    }
    return constant(name, Tensor.of(values, dims));
  }

  static FloatTensor random(Random random, int... dims) {
    float[] values = new float[Tensor.sizeOf(dims)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, dims);
  }

  TestGraph node(String type, String output, String... inputNames) {
    return node(type, Map.of(), List.of(output), inputNames);
  }

  TestGraph node(
      String type, Map<String, Object> attributes, List<String> names, String... inputNames) {
    Attributes values = new Attributes(type, attributes, names.size());
    Operator operator = TABLE.find(OperatorTable.ONNX, type, opset).create(values);
    nodes.add(new Node("node" + nodes.size(), operator, List.of(inputNames), names));
    return this;
  }

  TestGraph output(String... names) {
    for (String name : names) {
      outputs.add(new GraphOutput(name, null));
    }
    return this;
  }

  Graph build() {
    return new Graph("test", inputs, outputs, nodes, constants);
  }
}
