package io.sparkonnx.engine.show;

import io.sparkonnx.engine.show.Part.Group;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts a sequence of parts where few values pass from what is before to what comes after. */
final class Stretches {
  private final List<Part> parts;
  private final int size;
  private final int[] passing;

  /**
   * Looks at a sequence.
   *
   * @param parts in the order of computation
   * @param size of a stretch at most
   */
  Stretches(GraphView view, List<Part> parts, int size) {
    this.parts = parts;
    this.size = size;
    this.passing = passing(view);
  }

  /** For each place before a part: values that are given before it and taken at or after it. */
  private int[] passing(GraphView view) {
    int[] partOf = new int[view.vertices().size()];
    Arrays.fill(partOf, -1);
    for (int i = 0; i < parts.size(); i++) {
      for (int vertex : parts.get(i).vertices()) {
        partOf[vertex] = i;
      }
    }
    int[] lastUse = new int[partOf.length];
    Arrays.fill(lastUse, -1);
    for (int vertex = 0; vertex < partOf.length; vertex++) {
      for (int source : view.vertices().get(vertex).sources()) {
        lastUse[source] = Math.max(lastUse[source], partOf[vertex]);
      }
    }
    int[] change = new int[parts.size() + 1];
    for (int vertex = 0; vertex < partOf.length; vertex++) {
      if (partOf[vertex] >= 0 && lastUse[vertex] > partOf[vertex]) {
        change[partOf[vertex] + 1]++;
        change[lastUse[vertex] + 1 > parts.size() ? parts.size() : lastUse[vertex] + 1]--;
      }
    }
    int[] all = new int[parts.size() + 1];
    for (int place = 1; place <= parts.size(); place++) {
      all[place] = all[place - 1] + change[place];
    }
    return all;
  }

  /** Groups of the sequence, each cut at the narrowest place of its second half. */
  List<Part> cut() {
    int count = (parts.size() + size - 1) / size;
    int most = Math.max(2, Math.min(size, (int) Math.ceil((double) parts.size() / count)));
    List<List<Part>> stretches = new ArrayList<>();
    int from = 0;
    while (from < parts.size()) {
      int end = Math.min(parts.size(), from + most);
      int best = end;
      for (int place = end - 1; end < parts.size() && place > from + most / 2; place--) {
        if (passing[place] < passing[best]) {
          best = place;
        }
      }
      stretches.add(parts.subList(from, best));
      from = best;
    }
    List<Part> groups = new ArrayList<>();
    for (int i = 0; i < stretches.size(); i++) {
      List<Part> stretch = stretches.get(i);
      String name = "part " + (i + 1) + " of " + stretches.size();
      groups.add(stretch.size() == 1 ? stretch.get(0) : new Group(name, stretch));
    }
    return groups;
  }
}
