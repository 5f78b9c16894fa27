package io.sparkonnx.engine.op.ml;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes trees as the parallel lists of TreeEnsembleClassifier and TreeEnsembleRegressor. */
public final class Trees {
  private final String prefix;
  private final List<long[]> nodes = new ArrayList<>();
  private final List<String> modes = new ArrayList<>();
  private final List<Float> values = new ArrayList<>();
  private final List<long[]> weightPlaces = new ArrayList<>();
  private final List<Float> weights = new ArrayList<>();
  private long tree = -1;
  private long next;

  private Trees(String prefix) {
    this.prefix = prefix;
  }

  public static Trees ofClasses() {
    return new Trees("class");
  }

  public static Trees ofTargets() {
    return new Trees("target");
  }

  /** Starts another tree. */
  public Trees tree() {
    tree++;
    next = 0;
    return this;
  }

  /** Adds a branch; its id is the number of nodes added to the tree before. */
  public Trees branch(String mode, int feature, double value, long yes, long no) {
    return branch(mode, feature, value, yes, no, false);
  }

  public Trees branch(
      String mode, int feature, double value, long yes, long no, boolean missingYes) {
    nodes.add(new long[] {tree, next++, feature, yes, no, missingYes ? 1 : 0});
    modes.add("BRANCH_" + mode);
    values.add((float) value);
    return this;
  }

  /** Adds a leaf without weights. */
  public Trees leaf() {
    nodes.add(new long[] {tree, next++, 0, 0, 0, 0});
    modes.add("LEAF");
    values.add(0f);
    return this;
  }

  /** Adds a leaf with one weight. */
  public Trees leaf(int target, double weight) {
    leaf();
    return vote(target, weight);
  }

  /** Gives the node added last another weight. */
  public Trees vote(int target, double weight) {
    weightPlaces.add(new long[] {tree, next - 1, target});
    weights.add((float) weight);
    return this;
  }

  /** A tree of one branch on feature 0, below or equal 0.5, with one weight on each side. */
  public Trees stump(int target, double yes, double no) {
    return tree().branch("LEQ", 0, 0.5, 1, 2).leaf(target, yes).leaf(target, no);
  }

  /** A full tree with random tests and weights for every target. */
  public Trees random(Random random, int depth, int features, int targets) {
    tree();
    int branches = (1 << depth) - 1;
    for (int i = 0; i < branches; i++) {
      double value = Math.round(random.nextGaussian() * 10) / 10.0;
      String mode = random.nextBoolean() ? "LEQ" : "GT";
      branch(mode, random.nextInt(features), value, 2L * i + 1, 2L * i + 2, random.nextBoolean());
    }
    for (int i = 0; i <= branches; i++) {
      leaf();
      for (int target = 0; target < targets; target++) {
        vote(target, random.nextGaussian());
      }
    }
    return this;
  }

  /** Puts the lists into a node's attributes. */
  public MlNode into(MlNode node) {
    return node.integers("nodes_treeids", column(nodes, 0))
        .integers("nodes_nodeids", column(nodes, 1))
        .integers("nodes_featureids", column(nodes, 2))
        .integers("nodes_truenodeids", column(nodes, 3))
        .integers("nodes_falsenodeids", column(nodes, 4))
        .integers("nodes_missing_value_tracks_true", column(nodes, 5))
        .strings("nodes_modes", modes.toArray(String[]::new))
        .with("nodes_values", floats(values))
        .integers(prefix + "_treeids", column(weightPlaces, 0))
        .integers(prefix + "_nodeids", column(weightPlaces, 1))
        .integers(prefix + "_ids", column(weightPlaces, 2))
        .with(prefix + "_weights", floats(weights));
  }

  public MlNode regressor(int targets) {
    return into(MlNode.of("TreeEnsembleRegressor").with("n_targets", (long) targets));
  }

  public MlNode classifier(long... labels) {
    return into(MlNode.classifier("TreeEnsembleClassifier").integers("classlabels_int64s", labels));
  }

  private static long[] column(List<long[]> rows, int index) {
    return rows.stream().mapToLong(row -> row[index]).toArray();
  }

  private static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }
}
