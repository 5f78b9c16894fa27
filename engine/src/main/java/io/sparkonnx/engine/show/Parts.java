package io.sparkonnx.engine.show;

import io.sparkonnx.engine.show.GraphView.Kind;
import io.sparkonnx.engine.show.Part.Group;
import io.sparkonnx.engine.show.Part.Single;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Divides a graph into parts within parts, none of more than {@value #MOST}: by the scopes in the
 * nodes' names ({@code /encoder/layer.0/Add}), and where these do not suffice, by stretches of the
 * order of computation with few values between them.
 */
final class Parts {
  static final int MOST = 36;

  private final GraphView view;

  private Parts(GraphView view) {
    this.view = view;
  }

  /** The whole graph as one group. */
  static Group of(GraphView view) {
    Parts parts = new Parts(view);
    List<Part> top = new ArrayList<>();
    List<Integer> nodes = new ArrayList<>();
    for (int i = 0; i < view.vertices().size(); i++) {
      if (view.vertices().get(i).kind() == Kind.NODE) {
        nodes.add(i);
      } else {
        top.add(new Single(i));
      }
    }
    boolean small = nodes.size() <= MOST;
    top.addAll(small ? singles(nodes) : parts.limited(parts.scoped(nodes, 0)));
    return new Group("graph", sorted(top));
  }

  private static List<Part> singles(List<Integer> nodes) {
    return nodes.stream().<Part>map(Single::new).toList();
  }

  private static List<Part> sorted(List<Part> parts) {
    return parts.stream().sorted(Comparator.comparing(part -> part.vertices().get(0))).toList();
  }

  /** The names' pieces before the last one. */
  private String[] scopes(int vertex) {
    String name = view.vertices().get(vertex).name();
    String separator = name.contains("/") ? "/" : "\\.";
    String plain = name.startsWith("/") ? name.substring(1) : name;
    String[] pieces = plain.split(separator);
    return java.util.Arrays.copyOf(pieces, pieces.length - 1);
  }

  /** Nodes by the scope at {@code depth} of their names, those within one again by the next. */
  private List<Part> scoped(List<Integer> nodes, int depth) {
    Map<String, List<Integer>> byScope = new LinkedHashMap<>();
    List<Part> parts = new ArrayList<>();
    for (int node : nodes) {
      String[] scopes = scopes(node);
      if (depth < scopes.length) {
        byScope.computeIfAbsent(scopes[depth], scope -> new ArrayList<>()).add(node);
      } else {
        parts.add(new Single(node));
      }
    }
    byScope.forEach((scope, members) -> parts.add(group(scope, members, depth)));
    return sorted(parts);
  }

  private Part group(String name, List<Integer> members, int depth) {
    if (members.size() == 1) {
      return new Single(members.get(0));
    }
    List<Part> inner = scoped(members, depth + 1);
    if (inner.size() == 1 && inner.get(0) instanceof Group only) {
      return new Group(name + "/" + only.name(), only.parts());
    }
    return new Group(name, limited(inner));
  }

  /** At most {@value #MOST} parts: small groups are opened, or stretches are put together. */
  private List<Part> limited(List<Part> parts) {
    if (parts.size() <= MOST) {
      return opened(parts);
    }
    List<Part> stretches = new Stretches(view, sorted(parts), MOST).cut();
    return stretches.size() <= MOST ? stretches : limited(stretches);
  }

  /** With the parts of the smallest groups in their place, as far as there is room. */
  private static List<Part> opened(List<Part> parts) {
    List<Part> all = new ArrayList<>(parts);
    while (true) {
      Group smallest =
          (Group)
              all.stream()
                  .filter(Group.class::isInstance)
                  .min(Comparator.comparing(part -> ((Group) part).parts().size()))
                  .orElse(null);
      if (smallest == null || all.size() - 1 + smallest.parts().size() > MOST / 2) {
        return sorted(all);
      }
      all.remove(smallest);
      all.addAll(smallest.parts());
    }
  }
}
