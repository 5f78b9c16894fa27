package io.sparkonnx.engine.plan;

import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphInput;
import io.sparkonnx.engine.graph.GraphOutput;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.tensor.ElementType.Storage;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decides where each value lives and which values share a buffer. */
final class Lifetimes {
  private final Map<String, ValueInfo> infos;
  private final Set<String> symbols;
  private final Map<String, Integer> lastUse = new HashMap<>();
  private final Map<String, Slot.Place> places = new HashMap<>();
  private final Map<String, Integer> bufferOf = new HashMap<>();

  /** Buffers of which dynamic values are views. */
  private final Map<String, Integer> viewedBuffer = new HashMap<>();

  private final List<Buffer> buffers = new ArrayList<>();
  private final Set<String> outputs = new HashSet<>();
  private final Set<String> prebuiltViews = new HashSet<>();

  /**
   * @param symbols dimensions that a run binds before its first step
   */
  Lifetimes(Graph graph, Map<String, ValueInfo> infos, Set<String> symbols) {
    this.infos = infos;
    this.symbols = symbols;
    graph.constants().keySet().forEach(name -> places.put(name, Slot.Place.CONSTANT));
    for (GraphInput input : graph.inputs()) {
      places.put(input.name(), Slot.Place.INPUT);
    }
    List<Node> nodes = graph.nodes();
    for (int i = 0; i < nodes.size(); i++) {
      for (String input : nodes.get(i).inputs()) {
        lastUse.put(input, i);
      }
    }
    for (GraphOutput output : graph.outputs()) {
      outputs.add(output.name());
      lastUse.put(output.name(), nodes.size());
    }
    for (int i = 0; i < nodes.size(); i++) {
      for (int output = 0; output < nodes.get(i).outputs().size(); output++) {
        String name = nodes.get(i).output(output);
        if (!name.isEmpty()) {
          place(nodes.get(i), i, output, name);
        }
      }
    }
  }

  Slot.Place place(String name) {
    return places.get(name);
  }

  int buffer(String name) {
    return bufferOf.getOrDefault(name, -1);
  }

  List<Buffer> buffers() {
    return List.copyOf(buffers);
  }

  boolean isPrebuiltView(Node node) {
    return node.outputs().size() == 1 && prebuiltViews.contains(node.output(0));
  }

  private void place(Node node, int step, int output, String name) {
    int viewed = node.operator().viewOf(output);
    if (!isPlannable(name)) {
      placeDynamic(name, viewed < 0 ? "" : node.input(viewed));
      return;
    }
    if (viewed >= 0) {
      Integer source = bufferOf.get(node.input(viewed));
      if (source == null) {
        placeDynamic(name, node.input(viewed));
      } else {
        share(name, source);
        prebuiltViews.add(name);
      }
      return;
    }
    if (outputs.contains(name)) {
      places.put(name, Slot.Place.RESULT);
      return;
    }
    Dim elements = infos.get(name).shape().size().times(infos.get(name).element().width());
    Storage storage = infos.get(name).element().storage();
    if (output == 0) {
      for (int input = 0; input < node.inputs().size(); input++) {
        Integer source = bufferOf.get(node.input(input));
        if (source != null
            && node.operator().canOverwrite(input)
            && buffers.get(source).last() == step
            && buffers.get(source).storage() == storage
            && buffers.get(source).elements().equals(elements)
            && readsOnlyAs(node, input, source)) {
          share(name, source);
          return;
        }
      }
    }
    bufferOf.put(name, buffers.size());
    places.put(name, Slot.Place.ARENA);
    buffers.add(new Buffer(storage, elements, step, lastUse.getOrDefault(name, step)));
  }

  /**
   * @param viewed the value that this one is a view of, empty for none
   */
  private void placeDynamic(String name, String viewed) {
    places.put(name, Slot.Place.DYNAMIC);
    Integer buffer = bufferOf.getOrDefault(viewed, viewedBuffer.get(viewed));
    if (buffer != null) {
      viewedBuffer.put(name, buffer);
      extend(buffer, name);
    }
  }

  /** Whether the node reads a buffer through one input alone. */
  private boolean readsOnlyAs(Node node, int input, int buffer) {
    for (int i = 0; i < node.inputs().size(); i++) {
      Integer other = bufferOf.getOrDefault(node.input(i), viewedBuffer.get(node.input(i)));
      if (i != input && other != null && other == buffer) {
        return false;
      }
    }
    return true;
  }

  /** Keeps a buffer as long as a value is read. */
  private void extend(int buffer, String name) {
    Buffer shared = buffers.get(buffer);
    int last = Math.max(shared.last(), lastUse.getOrDefault(name, shared.last()));
    buffers.set(buffer, new Buffer(shared.storage(), shared.elements(), shared.first(), last));
  }

  private void share(String name, int buffer) {
    extend(buffer, name);
    bufferOf.put(name, buffer);
    places.put(name, Slot.Place.ARENA);
  }

  /** Whether a run knows {@code size} before its first step. */
  boolean binds(Dim size) {
    return symbols.containsAll(size.symbols());
  }

  private boolean isPlannable(String name) {
    ValueInfo info = infos.get(name);
    if (!info.isTensor() || !info.shape().hasRank() || info.element().storage() == Storage.STRING) {
      return false;
    }
    return info.shape().dims().stream().allMatch(this::binds);
  }
}
