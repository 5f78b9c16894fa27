package io.sparkonnx.engine.show;

import io.sparkonnx.engine.show.GraphView.Vertex;
import io.sparkonnx.engine.show.Part.Group;
import io.sparkonnx.engine.show.Part.Single;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All drawings of a graph: the whole, and beneath it each group that it shows as one box. Groups
 * that look alike are drawn once.
 */
final class GraphDrawings {
  private static final int OPERATORS = 8;

  private final GraphView view;
  private final String prefix;
  private final Map<String, String> idOfLook = new HashMap<>();
  private final Map<String, Group> drawn = new LinkedHashMap<>();
  private final Map<String, List<String>> names = new HashMap<>();

  /**
   * Prepares drawings.
   *
   * @param prefix of the drawings' ids in the page
   */
  GraphDrawings(GraphView view, String prefix) {
    this.view = view;
    this.prefix = prefix;
  }

  /** HTML of the drawings. */
  String html() {
    Group whole = Parts.of(view);
    StringBuilder html = new StringBuilder("<div class=\"graphs\">");
    html.append("<div class=\"scroll\">").append(svg(whole)).append("</div>");
    List<String> done = new ArrayList<>();
    while (done.size() < drawn.size()) {
      String id = List.copyOf(drawn.keySet()).get(done.size());
      done.add(id);
      String svg = svg(drawn.get(id));
      html.append("<details id=\"").append(id).append("\" open><summary>@").append(id);
      html.append("@</summary><div class=\"scroll\">").append(svg).append("</div></details>");
    }
    html.append("</div>");
    String text = html.toString();
    for (String id : done) {
      text = text.replace("@" + id + "@", title(id));
    }
    return text;
  }

  private String title(String id) {
    List<String> alike = names.get(id);
    String more = alike.size() == 1 ? "" : " and " + (alike.size() - 1) + " alike";
    return "<b title=\""
        + Html.text(String.join("\n", alike))
        + "\">"
        + Html.text(alike.get(0) + more)
        + "</b> "
        + Html.text(drawn.get(id).summary(view, OPERATORS));
  }

  private String svg(Group group) {
    return Drawing.svg(Boxes.of(view, group, this::idOf));
  }

  private String idOf(Group group) {
    String id = idOfLook.computeIfAbsent(look(group), look -> prefix + "-" + (idOfLook.size() + 1));
    drawn.putIfAbsent(id, group);
    List<String> alike = names.computeIfAbsent(id, each -> new ArrayList<>());
    if (!alike.contains(group.name())) {
      alike.add(group.name());
    }
    return id;
  }

  /** Equal for groups of the same operators connected in the same way. */
  private String look(Group group) {
    List<Integer> vertices = group.vertices();
    Map<Integer, Integer> places = new HashMap<>();
    for (int i = 0; i < vertices.size(); i++) {
      places.put(vertices.get(i), i);
    }
    String nodes =
        vertices.stream().map(vertex -> look(vertex, places)).collect(Collectors.joining(";"));
    return nodes + division(group, places);
  }

  private String look(int vertex, Map<Integer, Integer> places) {
    Vertex node = view.vertices().get(vertex);
    return node.type()
        + node.shape()
        + node.sources().stream()
            .map(source -> places.containsKey(source) ? places.get(source).toString() : "-")
            .toList();
  }

  private static String division(Part part, Map<Integer, Integer> places) {
    if (part instanceof Single single) {
      return places.get(single.index()).toString();
    }
    return ((Group) part)
        .parts().stream()
            .map(inner -> division(inner, places))
            .collect(Collectors.joining(" ", "(", ")"));
  }
}
