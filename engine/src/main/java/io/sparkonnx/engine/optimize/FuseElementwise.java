package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.device.DeviceInfo;
import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.AbsorbableFunction;
import io.sparkonnx.engine.op.Activation;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.FloatFold;
import io.sparkonnx.engine.op.elementwise.ElementwiseChain;
import io.sparkonnx.engine.op.nn.ChannelAffine;
import io.sparkonnx.engine.type.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Computes element-wise functions of one shape in one step, so that a device reads and writes its
 * memory once.
 *
 * <pre>
 * Add(Mul(X, a), Tanh(Y))         ⇒  ElementwiseChain(X, a, Y)
 * ChannelAffine(X, a, b) → Relu   ⇒  ElementwiseChain(X, a, b)
 * </pre>
 *
 * What lies between them must be read by them alone. The other inputs broadcast as {@link
 * io.sparkonnx.engine.kernel.Chain.Reading} says.
 */
final class FuseElementwise implements Rewrite {
  private static final int MAX_STAGES = 32;
  private static final int MAX_INPUTS = 16;

  private final DeviceInfo device;

  /**
   * @param device what computes the chains
   */
  FuseElementwise(DeviceInfo device) {
    this.device = device;
  }

  @Override
  public void apply(GraphEditor editor) {
    List<Node> nodes = editor.nodes();
    Map<String, Integer> order = new HashMap<>();
    nodes.forEach(node -> order.put(node.name(), order.size()));
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Node last = nodes.get(i);
      if (editor.contains(last) && fits(editor, last)) {
        List<Node> members = new ArrayList<>(members(editor, last));
        members.sort(Comparator.comparing(node -> order.get(node.name())));
        if (stages(members) > 1) {
          fuse(editor, members, last);
        }
      }
    }
  }

  private static void fuse(GraphEditor editor, List<Node> members, Node last) {
    ChainBuilder builder = new ChainBuilder(editor, members);
    ElementwiseChain chain = new ElementwiseChain(builder.chain());
    members.stream().filter(member -> !member.equals(last)).forEach(editor::remove);
    editor.replace(last, new Node(last.name(), chain, builder.inputs(), last.outputs()));
  }

  /** The node and those before it whose results go into it alone. */
  private Set<Node> members(GraphEditor editor, Node last) {
    Set<Node> members = new LinkedHashSet<>(List.of(last));
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Node member : List.copyOf(members)) {
        for (String input : member.inputs()) {
          Node producer = editor.producer(input);
          boolean only =
              producer != null
                  && !members.contains(producer)
                  && !editor.isOutput(input)
                  && members.containsAll(editor.consumers(input));
          grown |= only && fits(editor, producer) && joins(editor, members, producer, last);
        }
      }
    }
    return members;
  }

  /** Takes a node in where it has the last one's shape and the chain does not grow too long. */
  private static boolean joins(GraphEditor editor, Set<Node> members, Node node, Node last) {
    Set<Node> more = new LinkedHashSet<>(members);
    more.add(node);
    boolean joins =
        shape(editor, node.output(0)).equals(shape(editor, last.output(0)))
            && stages(more) <= MAX_STAGES
            && inputs(more) <= MAX_INPUTS;
    return joins && members.add(node);
  }

  private static Shape shape(GraphEditor editor, String value) {
    return editor.info(value).shape();
  }

  private static int stages(Iterable<Node> members) {
    int stages = 0;
    for (Node member : members) {
      if (member.operator() instanceof ChannelAffine affine) {
        stages += affine.activation().isNone() ? 1 : 2;
      } else {
        stages += member.operator() instanceof FloatFold ? member.inputs().size() - 1 : 1;
      }
    }
    return stages;
  }

  /** At most as many inputs has their chain. */
  private static int inputs(Set<Node> members) {
    Set<String> inputs = new LinkedHashSet<>();
    members.forEach(member -> inputs.addAll(member.inputs()));
    members.forEach(member -> inputs.remove(member.output(0)));
    return inputs.size();
  }

  /** Whether a chain for the device can have this node. */
  private boolean fits(GraphEditor editor, Node node) {
    if (node.outputs().size() != 1 || !Match.isFloat(editor, node.output(0))) {
      return false;
    }
    if (node.operator() instanceof AbsorbableFunction) {
      Activation function = ChainBuilder.function(editor, node);
      return function != null && DeviceForms.has(device, function);
    }
    if (node.operator() instanceof ChannelAffine affine) {
      return DeviceForms.has(device, affine.activation())
          && Match.floats(editor, node.input(1)) != null
          && Match.floats(editor, node.input(2)) != null;
    }
    return node.operator() instanceof FloatFold fold
        && fold.foldedBy() != null
        && DeviceForms.has(device, fold.foldedBy())
        && broadcasts(editor, node);
  }

  private static boolean broadcasts(GraphEditor editor, Node node) {
    int count = node.inputs().size();
    Shape result = shape(editor, node.output(0));
    for (String input : node.inputs()) {
      boolean read =
          Match.isFloat(editor, input)
              && ElementwiseChain.reading(shape(editor, input), result) != null;
      if (!read) {
        return false;
      }
    }
    return count == 2 || (count > 2 && count <= MAX_INPUTS && startsWhole(editor, node, result));
  }

  /** Whether the first two inputs together have the result's shape. */
  private static boolean startsWhole(GraphEditor editor, Node node, Shape result) {
    return result.equals(
        Shape.broadcast(shape(editor, node.input(0)), shape(editor, node.input(1))));
  }
}
