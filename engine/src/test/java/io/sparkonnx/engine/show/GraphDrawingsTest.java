package io.sparkonnx.engine.show;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.show.Box.Look;
import io.sparkonnx.engine.show.GraphView.Kind;
import io.sparkonnx.engine.show.GraphView.Vertex;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.InputSource;

/** Drawings of graphs: complete, without overlaps, well formed. */
class GraphDrawingsTest {
  private static String html(GraphView view) {
    return new GraphDrawings(view, "g").html();
  }

  private static int count(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    int count = 0;
    while (matcher.find()) {
      count++;
    }
    return count;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 30, 300, 5000})
  void everyLinkLeadsToADrawing(int nodes) {
    String html = html(PartsTest.random(nodes, "n%3$d", 1));
    Set<String> ids = new HashSet<>();
    Matcher id = Pattern.compile("<details id=\"([^\"]*)\"").matcher(html);
    while (id.find()) {
      ids.add(id.group(1));
    }
    Matcher link = Pattern.compile("href=\"#([^\"]*)\"").matcher(html);
    Set<String> links = new HashSet<>();
    while (link.find()) {
      links.add(link.group(1));
    }
    assertThat(links).isEqualTo(ids);
  }

  @Test
  void everyNodeIsDrawn() {
    GraphView view = PartsTest.random(500, "n%3$d", 2);
    String html = html(view);
    for (Vertex vertex : view.vertices()) {
      assertThat(html).contains(vertex.name());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"n%3$d", "/a%1$d/b%2$d/c%3$d", "/<a>&\"%1$d/'%2$d\u0001/c%3$d"})
  void drawingsAreWellFormed(String name) throws Exception {
    String html = html(PartsTest.random(400, name, 3)).replace(" open>", ">");
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html)));
  }

  @Test
  void groupsThatLookAlikeAreDrawnOnce() {
    List<Vertex> vertices = new ArrayList<>();
    vertices.add(new Vertex(Kind.INPUT, "x", "x", "", List.of()));
    for (int i = 0; i < 600; i++) {
      String type = "Op" + i % 20 % 7;
      String name = "/layer." + i / 20 + "/op" + i % 20;
      vertices.add(new Vertex(Kind.NODE, name, type, "", List.of(i)));
    }
    String html = html(new GraphView(vertices));
    assertThat(html).contains("layer.0 and 29 alike");
    assertThat(count(html, "<details")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void boxesDoNotOverlap(long seed) {
    GraphView view = PartsTest.random(Parts.MOST, "n%3$d", seed);
    List<Box> boxes = Boxes.of(view, Parts.of(view), group -> "");
    Coordinates.place(Layers.of(boxes));
    for (Box box : boxes) {
      for (Box other : boxes) {
        if (box != other) {
          assertThat(overlap(box, other)).as("%s and %s", box.lines, other.lines).isFalse();
        }
      }
    }
  }

  private static boolean overlap(Box one, Box other) {
    return Math.abs(one.x - other.x) < (one.width() + other.width()) / 2
        && one.y < other.y + other.height()
        && other.y < one.y + one.height();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void edgesLeadDownwards(long seed) {
    GraphView view = PartsTest.random(Parts.MOST, "n%3$d", seed);
    List<Box> boxes = Boxes.of(view, Parts.of(view), group -> "");
    Coordinates.place(Layers.of(boxes));
    for (Box box : boxes) {
      box.targets.forEach(
          target -> assertThat(target.y).isGreaterThanOrEqualTo(box.y + box.height()));
    }
  }

  @Test
  void nodesThatOnlyFollowEachOtherShareABox() {
    GraphView view =
        new GraphView(
            List.of(
                new Vertex(Kind.INPUT, "x", "x", "", List.of()),
                new Vertex(Kind.NODE, "a", "Conv", "", List.of(0)),
                new Vertex(Kind.NODE, "b", "Relu", "", List.of(1)),
                new Vertex(Kind.NODE, "c", "Add", "", List.of(0, 2)),
                new Vertex(Kind.OUTPUT, "y", "y", "", List.of(3))));
    List<Box> boxes = Boxes.of(view, Parts.of(view), group -> "");
    assertThat(boxes.stream().filter(box -> box.look == Look.NODES).map(box -> box.lines.size()))
        .containsExactlyInAnyOrder(2, 1);
  }
}
