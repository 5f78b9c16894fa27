package io.sparkonnx.engine.show;

import io.sparkonnx.engine.show.Box.Line;
import io.sparkonnx.engine.show.Box.Look;
import io.sparkonnx.engine.show.GraphView.Kind;
import io.sparkonnx.engine.show.GraphView.Vertex;
import io.sparkonnx.engine.show.Part.Group;
import io.sparkonnx.engine.show.Part.Single;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The boxes of one group's drawing and what leads from one to the other. */
final class Boxes {
  private static final int LETTERS = 34;
  private static final int OPERATORS = 3;

  /** Vertices outside a group that get a box of their own, if there are no more. */
  private static final int GIVERS = 6;

  private final GraphView view;
  private final Function<Group, String> links;
  private final Map<Integer, Box> byVertex = new HashMap<>();
  private final Set<Box> all = new LinkedHashSet<>();

  private Boxes(GraphView view, Function<Group, String> links) {
    this.view = view;
    this.links = links;
  }

  /**
   * The boxes of a group.
   *
   * @param links ids of the drawings of groups
   */
  static List<Box> of(GraphView view, Group group, Function<Group, String> links) {
    Boxes boxes = new Boxes(view, links);
    group.parts().forEach(boxes::add);
    boxes.connect();
    boxes.connectBeside();
    boxes.joinChains();
    return new ArrayList<>(boxes.all);
  }

  private void add(Part part) {
    Box box = part instanceof Group group ? groupBox(group) : vertexBox((Single) part);
    part.vertices().forEach(vertex -> byVertex.put(vertex, box));
    all.add(box);
  }

  private Box groupBox(Group group) {
    Box box = new Box(Look.GROUP);
    String link = links.apply(group);
    String summary = group.summary(view, OPERATORS);
    box.lines.add(new Line(cut(group.name()), group.name(), link));
    box.lines.add(new Line(cut(summary), group.summary(view, Integer.MAX_VALUE), link));
    return box;
  }

  private Box vertexBox(Single single) {
    Vertex vertex = view.vertices().get(single.index());
    Look look =
        switch (vertex.kind()) {
          case INPUT -> Look.INPUT;
          case OUTPUT -> Look.OUTPUT;
          case NODE -> Look.NODES;
        };
    Box box = new Box(look);
    String detail = vertex.name() + (vertex.shape().isEmpty() ? "" : " → " + vertex.shape());
    boolean node = vertex.kind() == Kind.NODE;
    String text = node ? vertex.type() : vertex.name() + " " + vertex.shape();
    box.lines.add(new Line(cut(text), node ? vertex.type() + " " + detail : detail, null));
    return box;
  }

  private static String cut(String text) {
    String plain = text.strip();
    return plain.length() <= LETTERS ? plain : plain.substring(0, LETTERS - 1) + "…";
  }

  private void connect() {
    byVertex.forEach(
        (vertex, box) ->
            view.vertices().get(vertex).sources().stream()
                .filter(byVertex::containsKey)
                .forEach(source -> byVertex.get(source).leadTo(box)));
  }

  /** Values from and to what is not in the group: a box for each of few givers, one for takers. */
  private void connectBeside() {
    Map<Integer, Box> givers = givers();
    Box takers = null;
    for (int vertex = 0; vertex < view.vertices().size(); vertex++) {
      Box inside = byVertex.get(vertex);
      for (int source : view.vertices().get(vertex).sources()) {
        Box giver = byVertex.get(source);
        if (inside != null && giver == null) {
          givers.get(source).leadTo(inside);
        } else if (inside == null && giver != null) {
          takers = takers == null ? takers() : takers;
          giver.leadTo(takers);
        }
      }
    }
    all.addAll(givers.values());
    if (takers != null) {
      all.add(takers);
    }
  }

  private Map<Integer, Box> givers() {
    Map<Integer, Box> givers = new LinkedHashMap<>();
    byVertex.keySet().stream()
        .sorted()
        .flatMap(vertex -> view.vertices().get(vertex).sources().stream())
        .filter(source -> !byVertex.containsKey(source))
        .forEach(source -> givers.put(source, null));
    Box before = new Box(Look.BESIDE);
    String details =
        givers.keySet().stream()
            .map(giver -> view.vertices().get(giver).name())
            .collect(Collectors.joining("\n"));
    before.lines.add(new Line(givers.size() + " values from before", details, null));
    boolean few = givers.size() <= GIVERS;
    givers.replaceAll((giver, none) -> few ? beside(giver) : before);
    return givers;
  }

  private Box beside(int giver) {
    Vertex vertex = view.vertices().get(giver);
    Box box = new Box(Look.BESIDE);
    String text = "from " + vertex.type();
    box.lines.add(new Line(cut(text), vertex.name() + " → " + vertex.shape(), null));
    return box;
  }

  private static Box takers() {
    Box box = new Box(Look.BESIDE);
    box.lines.add(new Line("what follows", "nodes outside this part", null));
    return box;
  }

  /** Nodes that only follow each other become one box. */
  private void joinChains() {
    for (Box box : List.copyOf(all)) {
      if (!all.contains(box) || box.look != Look.NODES) {
        continue;
      }
      while (box.targets.size() == 1) {
        Box next = box.targets.iterator().next();
        if (next.look != Look.NODES || next.sources.size() != 1) {
          break;
        }
        box.lines.addAll(next.lines);
        box.targets.clear();
        all.remove(next);
        for (Box target : next.targets) {
          target.sources.remove(next);
          box.leadTo(target);
        }
      }
    }
  }
}
