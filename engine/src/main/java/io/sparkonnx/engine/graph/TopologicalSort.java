package io.sparkonnx.engine.graph;

import io.sparkonnx.engine.OnnxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;

/**
 * Sorts nodes so that values are defined before they are used; keeps the given order where it can.
 */
public final class TopologicalSort {
  private static final int SHOWN = 20;

  private TopologicalSort() {}

  /**
   * @param outside names defined outside: inputs and captured values
   * @param constants names of constants
   * @throws OnnxException INVALID_MODEL for a value that nobody defines, or for a cycle
   */
  public static List<Node> sort(List<Node> nodes, Set<String> outside, Set<String> constants) {
    Map<String, Integer> producer = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (String output : nodes.get(i).outputs()) {
        if (!output.isEmpty()) {
          producer.put(output, i);
        }
      }
    }
    int[] waiting = new int[nodes.size()];
    List<List<Integer>> readers = new ArrayList<>();
    nodes.forEach(node -> readers.add(new ArrayList<>()));
    Set<String> dangling = new TreeSet<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (String input : new HashSet<>(nodes.get(i).inputs())) {
        Integer definedBy = producer.get(input);
        if (definedBy != null) {
          readers.get(definedBy).add(i);
          waiting[i]++;
        } else if (!input.isEmpty() && !outside.contains(input) && !constants.contains(input)) {
          dangling.add("'" + input + "' of " + nodes.get(i).label());
        }
      }
    }
    if (!dangling.isEmpty()) {
      String rest = dangling.size() > SHOWN ? ", and " + (dangling.size() - SHOWN) + " more" : "";
      String shown = String.join(", ", dangling.stream().limit(SHOWN).toList());
      throw invalid("nothing defines input " + shown + rest);
    }
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    for (int i = 0; i < waiting.length; i++) {
      if (waiting[i] == 0) {
        ready.add(i);
      }
    }
    List<Node> sorted = new ArrayList<>(nodes.size());
    while (!ready.isEmpty()) {
      int next = ready.remove();
      sorted.add(nodes.get(next));
      for (int reader : readers.get(next)) {
        if (--waiting[reader] == 0) {
          ready.add(reader);
        }
      }
    }
    if (sorted.size() < nodes.size()) {
      throw invalid("the graph has a cycle: " + cycle(nodes, producer, waiting));
    }
    return sorted;
  }

  /**
   * Walks from a node that never became ready to a definition that never did, until one repeats.
   */
  private static String cycle(List<Node> nodes, Map<String, Integer> producer, int[] waiting) {
    int at = 0;
    while (waiting[at] == 0) {
      at++;
    }
    Set<Integer> path = new LinkedHashSet<>();
    while (path.add(at)) {
      for (String input : nodes.get(at).inputs()) {
        Integer definedBy = producer.get(input);
        if (definedBy != null && waiting[definedBy] > 0) {
          at = definedBy;
          break;
        }
      }
    }
    int first = at;
    List<Integer> cycle = path.stream().dropWhile(i -> i != first).toList();
    List<String> labels = new ArrayList<>();
    cycle.stream().limit(SHOWN).forEach(i -> labels.add(nodes.get(i).label()));
    if (cycle.size() > SHOWN) {
      labels.add("… (" + (cycle.size() - SHOWN) + " more)");
    }
    return String.join(" reads ", labels) + " reads " + nodes.get(at).label();
  }

  private static OnnxException invalid(String message) {
    return new OnnxException(OnnxException.Code.INVALID_MODEL, message);
  }
}
