package io.sparkonnx.engine.show;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Boxes in layers, each below those that lead to it, the order within a layer chosen so that edges
 * cross little: the method of Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of
 * Hierarchical System Structures", 1981, with barycentres.
 */
final class Layers {
  private static final int SWEEPS = 8;

  private final List<List<Box>> layers = new ArrayList<>();
  private final Map<Box, Set<Box>> down = new HashMap<>();
  private final Map<Box, Set<Box>> up = new HashMap<>();

  private Layers() {}

  static Layers of(List<Box> boxes) {
    Layers layers = new Layers();
    layers.cutCycles(boxes);
    layers.assign(boxes);
    layers.bend(boxes);
    layers.order();
    return layers;
  }

  List<List<Box>> layers() {
    return layers;
  }

  /** Boxes and bends that a box or bend leads down to. */
  Set<Box> below(Box box) {
    return down.getOrDefault(box, Set.of());
  }

  Set<Box> above(Box box) {
    return up.getOrDefault(box, Set.of());
  }

  private void connect(Box from, Box to) {
    down.computeIfAbsent(from, box -> new LinkedHashSet<>()).add(to);
    up.computeIfAbsent(to, box -> new LinkedHashSet<>()).add(from);
  }

  private void disconnect(Box from, Box to) {
    down.get(from).remove(to);
    up.get(to).remove(from);
  }

  /** Groups by name may lead to each other; an edge that closes a circle is left out. */
  private void cutCycles(List<Box> boxes) {
    Set<Box> done = new HashSet<>();
    Set<Box> open = new HashSet<>();
    boxes.forEach(box -> visit(box, done, open));
  }

  private void visit(Box box, Set<Box> done, Set<Box> open) {
    if (!done.add(box)) {
      return;
    }
    open.add(box);
    for (Box target : box.targets) {
      if (!open.contains(target)) {
        connect(box, target);
        visit(target, done, open);
      }
    }
    open.remove(box);
  }

  /** The layer after the last of those above. */
  private void assign(List<Box> boxes) {
    Map<Box, Integer> waiting = new HashMap<>();
    List<Box> ready = new ArrayList<>();
    for (Box box : boxes) {
      waiting.put(box, above(box).size());
      if (above(box).isEmpty()) {
        ready.add(box);
      }
    }
    for (int i = 0; i < ready.size(); i++) {
      Box box = ready.get(i);
      for (Box target : below(box)) {
        target.layer = Math.max(target.layer, box.layer + 1);
        if (waiting.merge(target, -1, Integer::sum) == 0) {
          ready.add(target);
        }
      }
    }
    // What has nothing above stands right above what it leads to.
    for (Box box : boxes) {
      if (above(box).isEmpty()) {
        box.layer = below(box).stream().mapToInt(target -> target.layer - 1).min().orElse(0);
      }
    }
  }

  /** An edge over several layers gets a bend in each between. */
  private void bend(List<Box> boxes) {
    int depth = boxes.stream().mapToInt(box -> box.layer).max().orElse(0) + 1;
    for (int i = 0; i < depth; i++) {
      layers.add(new ArrayList<>());
    }
    boxes.forEach(box -> layers.get(box.layer).add(box));
    for (Box box : boxes) {
      for (Box target : List.copyOf(below(box))) {
        if (target.layer > box.layer + 1) {
          disconnect(box, target);
          Box last = box;
          for (int layer = box.layer + 1; layer < target.layer; layer++) {
            Box bend = Box.bend(layer);
            layers.get(layer).add(bend);
            connect(last, bend);
            last = bend;
          }
          connect(last, target);
        }
      }
    }
  }

  private void order() {
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      boolean downwards = sweep % 2 == 0;
      for (int i = 1; i < layers.size(); i++) {
        int layer = downwards ? i : layers.size() - 1 - i;
        int fixed = downwards ? layer - 1 : layer + 1;
        sort(layers.get(layer), layers.get(fixed), downwards);
      }
    }
  }

  private void sort(List<Box> layer, List<Box> fixed, boolean downwards) {
    Map<Box, Integer> places = new HashMap<>();
    for (int i = 0; i < fixed.size(); i++) {
      places.put(fixed.get(i), i);
    }
    Map<Box, Double> centres = new HashMap<>();
    for (int i = 0; i < layer.size(); i++) {
      Box box = layer.get(i);
      double own = (double) i * fixed.size() / layer.size();
      Set<Box> near = downwards ? above(box) : below(box);
      centres.put(box, near.stream().mapToInt(places::get).average().orElse(own));
    }
    layer.sort(Comparator.comparing(centres::get));
  }
}
