package io.sparkonnx.engine.show;

import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphInput;
import io.sparkonnx.engine.graph.GraphOutput;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a drawing needs of a graph: who gives values to whom. Constants and what is computed of them
 * alone are left out.
 *
 * @param vertices inputs first, then nodes in an order in which values come before their uses, then
 *     outputs
 */
public record GraphView(List<Vertex> vertices) {
  public GraphView {
    vertices = List.copyOf(vertices);
  }

  /** How the names of operators begin that give other values each time. */
  private static final String RANDOM = "Random";

  /** What a vertex stands for. */
  public enum Kind {
    INPUT,
    NODE,
    OUTPUT
  }

  /**
   * An input, a node or an output.
   *
   * @param kind what it is
   * @param name of the input, node or output
   * @param type operator of a node; else the name
   * @param shape of the first value that it gives or takes, as text, empty where it is not known
   * @param sources indices of the vertices whose values it takes, each less than its own
   */
  public record Vertex(Kind kind, String name, String type, String shape, List<Integer> sources) {
    public Vertex {
      sources = List.copyOf(sources);
    }
  }

  /**
   * The view of a graph.
   *
   * @param infos types of its values by name
   */
  public static GraphView of(Graph graph, Map<String, ValueInfo> infos) {
    List<Vertex> vertices = new ArrayList<>();
    Map<String, Integer> givers = new HashMap<>();
    for (GraphInput input : graph.inputs()) {
      if (!graph.constants().containsKey(input.name())) {
        givers.put(input.name(), vertices.size());
        String shape = shape(infos.get(input.name()));
        vertices.add(new Vertex(Kind.INPUT, input.name(), input.name(), shape, List.of()));
      }
    }
    for (Node node : graph.nodes()) {
      Set<Integer> sources = new LinkedHashSet<>();
      node.inputs().stream().filter(givers::containsKey).forEach(n -> sources.add(givers.get(n)));
      if (sources.isEmpty() && !node.operator().type().startsWith(RANDOM)) {
        continue;
      }
      String shape = shape(infos.get(node.output(0)));
      node.outputs().forEach(output -> givers.put(output, vertices.size()));
      vertices.add(
          new Vertex(Kind.NODE, node.name(), node.operator().type(), shape, List.copyOf(sources)));
    }
    for (GraphOutput output : graph.outputs()) {
      Integer giver = givers.get(output.name());
      List<Integer> sources = giver == null ? List.of() : List.of(giver);
      String shape = shape(infos.get(output.name()));
      vertices.add(new Vertex(Kind.OUTPUT, output.name(), output.name(), shape, sources));
    }
    return new GraphView(vertices);
  }

  private static String shape(ValueInfo info) {
    return info == null || info.type() == null ? "" : info.type().toString();
  }
}
