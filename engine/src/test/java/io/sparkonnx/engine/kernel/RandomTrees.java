package io.sparkonnx.engine.kernel;

import io.sparkonnx.engine.kernel.TreeEnsemble.Aggregation;
import io.sparkonnx.engine.kernel.TreeEnsemble.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random tree ensembles for tests. */
public final class RandomTrees {
  private final Random random;
  private final int features;
  private final int targets;
  private final Mode[] modes;
  private final List<Integer> feature = new ArrayList<>();
  private final List<Float> threshold = new ArrayList<>();
  private final List<Mode> mode = new ArrayList<>();
  private final List<Integer> yes = new ArrayList<>();
  private final List<Integer> no = new ArrayList<>();
  private final List<Boolean> missing = new ArrayList<>();
  private final List<List<Integer>> leafTargets = new ArrayList<>();

  private RandomTrees(Random random, int features, int targets, Mode... modes) {
    this.random = random;
    this.features = features;
    this.targets = targets;
    this.modes = modes;
  }

  /**
   * @param fullness chance that a node above {@code depth} branches
   */
  public static TreeEnsemble ensemble(
      Random random,
      int trees,
      int depth,
      double fullness,
      int features,
      int targets,
      Aggregation aggregation,
      Mode... modes) {
    RandomTrees builder = new RandomTrees(random, features, targets, modes);
    int[] roots = new int[trees];
    for (int i = 0; i < trees; i++) {
      roots[i] = builder.grow(depth, fullness);
    }
    return builder.build(roots, aggregation);
  }

  /** One tree of one target in which every branch has a leaf, on either side. */
  public static TreeEnsemble chain(
      Random random, int branches, int features, Aggregation aggregation, Mode... modes) {
    RandomTrees builder = new RandomTrees(random, features, 1, modes);
    return builder.build(new int[] {builder.grow(branches)}, aggregation);
  }

  private int grow(int branches) {
    int node = add(branches == 0);
    if (branches > 0) {
      int leaf = add(true);
      int rest = grow(branches - 1);
      boolean leafFirst = random.nextBoolean();
      yes.set(node, leafFirst ? leaf : rest);
      no.set(node, leafFirst ? rest : leaf);
    }
    return node;
  }

  private int grow(int depth, double fullness) {
    boolean leaf = depth == 0 || random.nextDouble() > fullness;
    int node = add(leaf);
    if (!leaf) {
      yes.set(node, grow(depth - 1, fullness));
      no.set(node, grow(depth - 1, fullness));
    }
    return node;
  }

  private int add(boolean leaf) {
    int node = mode.size();
    feature.add(leaf ? 0 : random.nextInt(features));
    threshold.add((float) Math.round(random.nextGaussian() * 8) / 8);
    mode.add(leaf ? Mode.LEAF : modes[random.nextInt(modes.length)]);
    missing.add(random.nextBoolean());
    yes.add(0);
    no.add(0);
    List<Integer> entries = new ArrayList<>();
    if (leaf) {
      int count = targets == 1 ? 1 : random.nextInt(3);
      for (int i = 0; i < count; i++) {
        entries.add(random.nextInt(targets));
      }
    }
    leafTargets.add(entries);
    return node;
  }

  private TreeEnsemble build(int[] roots, Aggregation aggregation) {
    int nodes = mode.size();
    int[] begin = new int[nodes + 1];
    List<Integer> target = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      begin[i] = target.size();
      target.addAll(leafTargets.get(i));
    }
    begin[nodes] = target.size();
    float[] weight = new float[target.size()];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (float) random.nextGaussian();
    }
    boolean[] missingGoesYes = new boolean[nodes];
    float[] thresholds = new float[nodes];
    for (int i = 0; i < nodes; i++) {
      missingGoesYes[i] = missing.get(i);
      thresholds[i] = threshold.get(i);
    }
    float[] base = new float[targets];
    for (int i = 0; i < targets; i++) {
      base[i] = random.nextFloat();
    }
    return new TreeEnsemble(
        features,
        targets,
        roots,
        mode.toArray(new Mode[0]),
        feature.stream().mapToInt(Integer::intValue).toArray(),
        thresholds,
        yes.stream().mapToInt(Integer::intValue).toArray(),
        no.stream().mapToInt(Integer::intValue).toArray(),
        missingGoesYes,
        begin,
        target.stream().mapToInt(Integer::intValue).toArray(),
        weight,
        aggregation,
        random.nextBoolean() ? base : null);
  }
}
