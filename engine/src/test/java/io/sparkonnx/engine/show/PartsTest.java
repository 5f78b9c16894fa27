package io.sparkonnx.engine.show;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.show.GraphView.Kind;
import io.sparkonnx.engine.show.GraphView.Vertex;
import io.sparkonnx.engine.show.Part.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a graph is divided for its drawings. */
class PartsTest {
  /** Nodes that each take one or two earlier values. */
  static GraphView random(int nodes, String name, long seed) {
    Random random = new Random(seed);
    List<Vertex> vertices = new ArrayList<>();
    vertices.add(new Vertex(Kind.INPUT, "x", "x", "", List.of()));
    for (int i = 1; i <= nodes; i++) {
      int near = Math.max(0, i - 1 - random.nextInt(3));
      List<Integer> sources = near == i - 1 ? List.of(near) : List.of(near, i - 1);
      String type = "Op" + random.nextInt(4);
      vertices.add(new Vertex(Kind.NODE, name.formatted(i / 100, i / 10, i), type, "", sources));
    }
    vertices.add(new Vertex(Kind.OUTPUT, "y", "y", "", List.of(nodes)));
    return new GraphView(vertices);
  }

  private static void assertSizes(Group group) {
    assertThat(group.parts().size()).isBetween(2, Parts.MOST + 2);
    for (Part part : group.parts()) {
      if (part instanceof Group inner) {
        assertSizes(inner);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 36, 37, 100, 1000, 5000})
  void noDrawingHasMoreBoxesThanFitWhateverTheSize(int nodes) {
    assertSizes(Parts.of(random(nodes, "n%3$d", 1)));
    assertSizes(Parts.of(random(nodes, "/a%1$d/b%2$d/c%3$d", 2)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"n%3$d", "/a%1$d/b%2$d/c%3$d", "a%1$d.b%2$d.c%3$d", "", "/", "//%3$d//"})
  void everyVertexIsInOnePartWhateverTheNames(String name) {
    GraphView view = random(700, name, 3);
    assertThat(Parts.of(view).vertices())
        .isEqualTo(IntStream.range(0, view.vertices().size()).boxed().toList());
  }

  @Test
  void scopesOfNamesBecomeGroups() {
    Group whole = Parts.of(random(700, "/a%1$d/b%2$d/c%3$d", 4));
    assertThat(
            whole.parts().stream()
                .filter(Group.class::isInstance)
                .map(part -> ((Group) part).name()))
        .contains("a3");
  }

  @Test
  void aGraphOfFewNodesIsDrawnWhole() {
    Group whole = Parts.of(random(20, "/a%1$d/b%2$d/c%3$d", 5));
    assertThat(whole.parts()).noneMatch(Group.class::isInstance);
  }
}
