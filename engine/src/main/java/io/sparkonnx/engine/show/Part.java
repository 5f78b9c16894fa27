package io.sparkonnx.engine.show;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A piece of a graph: one vertex, or several under a name. */
sealed interface Part {
  /** Indices of the vertices, rising. */
  List<Integer> vertices();

  /**
   * One vertex.
   *
   * @param index in the view
   */
  record Single(int index) implements Part {
    @Override
    public List<Integer> vertices() {
      return List.of(index);
    }
  }

  /**
   * Several parts.
   *
   * @param name what the exporter calls them, or their place
   * @param parts at least two, by their first vertices
   */
  record Group(String name, List<Part> parts) implements Part {
    public Group {
      parts = List.copyOf(parts);
    }

    @Override
    public List<Integer> vertices() {
      List<Integer> all = new ArrayList<>();
      parts.forEach(part -> all.addAll(part.vertices()));
      all.sort(null);
      return all;
    }

    /** The most frequent operators, e.g. {@code 12 nodes: 4 MatMul, 3 Add}. */
    String summary(GraphView view, int most) {
      Map<String, Integer> counts = new TreeMap<>();
      List<Integer> all = vertices();
      all.forEach(index -> counts.merge(view.vertices().get(index).type(), 1, Integer::sum));
      String frequent =
          counts.entrySet().stream()
              .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
              .limit(most)
              .map(count -> count.getValue() + " " + count.getKey())
              .collect(Collectors.joining(", "));
      return all.size() + " nodes: " + frequent + (counts.size() > most ? ", …" : "");
    }
  }
}
