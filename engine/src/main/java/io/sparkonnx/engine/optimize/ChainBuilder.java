package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.kernel.Chain;
import io.sparkonnx.engine.op.AbsorbableFunction;
import io.sparkonnx.engine.op.Activation;
import io.sparkonnx.engine.op.FloatFold;
import io.sparkonnx.engine.op.nn.ChannelAffine;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes a {@link Chain} of element-wise nodes. */
final class ChainBuilder {
  private final GraphEditor editor;
  private final List<String> inputs;
  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final List<Chain.Stage> stages = new ArrayList<>();

  /**
   * @param members the nodes in their order; the last one's result is the chain's
   */
  ChainBuilder(GraphEditor editor, List<Node> members) {
    this.editor = editor;
    List<List<String>> operands = new ArrayList<>();
    Set<String> read = new LinkedHashSet<>();
    for (Node member : members) {
      operands.add(operands(member));
      read.addAll(operands.get(operands.size() - 1));
    }
    members.forEach(member -> read.remove(member.output(0)));
    inputs = List.copyOf(read);
    inputs.forEach(input -> numbers.put(input, numbers.size()));
    for (int i = 0; i < members.size(); i++) {
      numbers.put(members.get(i).output(0), add(members.get(i), operands.get(i)));
    }
  }

  /** Names of the chain's inputs. */
  List<String> inputs() {
    return inputs;
  }

  Chain chain() {
    return new Chain(inputs.size(), stages);
  }

  /** The function of a node with constant parameters, or null. */
  static Activation function(GraphEditor editor, Node node) {
    List<ValueInfo> infos =
        node.inputs().stream().map(name -> name.isEmpty() ? null : editor.info(name)).toList();
    return ((AbsorbableFunction) node.operator()).asActivation(infos);
  }

  private List<String> operands(Node node) {
    if (node.operator() instanceof AbsorbableFunction) {
      return List.of(node.input(0));
    }
    return node.operator() instanceof ChannelAffine
        ? List.of(node.input(0), perChannel(node, 1), perChannel(node, 2))
        : node.inputs();
  }

  /** A vector over the channels with the axes that broadcasting needs behind it. */
  private String perChannel(Node affine, int input) {
    FloatTensor values = Match.floats(editor, affine.input(input));
    int rank = editor.info(affine.input(0)).shape().rank();
    int[] dims = new int[Math.max(1, rank - 1)];
    Arrays.fill(dims, 1);
    dims[0] = values.size();
    return editor.addConstant(affine.input(input), values.reshaped(dims));
  }

  /** Adds a node's stages and gives the number of its result. */
  private int add(Node node, List<String> operands) {
    int result = numbers.get(operands.get(0));
    if (node.operator() instanceof AbsorbableFunction) {
      return unary(function(editor, node), result);
    }
    if (node.operator() instanceof ChannelAffine affine) {
      int scale = numbers.get(operands.get(1));
      result = stage(new Chain.MultiplyAdd(result, scale, numbers.get(operands.get(2))));
      return affine.activation().isNone() ? result : unary(affine.activation(), result);
    }
    FloatFold fold = (FloatFold) node.operator();
    for (String next : operands.subList(1, operands.size())) {
      result = stage(new Chain.Binary(fold.foldedBy(), result, numbers.get(next)));
    }
    return result;
  }

  private int unary(Activation function, int x) {
    return stage(new Chain.Unary(function.function(), function.alpha(), function.beta(), x));
  }

  private int stage(Chain.Stage stage) {
    stages.add(stage);
    return inputs.size() + stages.size() - 1;
  }
}
