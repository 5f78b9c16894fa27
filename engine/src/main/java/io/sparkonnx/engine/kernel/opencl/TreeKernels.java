package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceQueue;
import io.sparkonnx.engine.kernel.TreeEnsemble;
import io.sparkonnx.engine.kernel.TreeEnsemble.Aggregation;
import io.sparkonnx.engine.kernel.TreeEnsemble.Mode;
import java.util.function.IntFunction;

/** Tree ensembles as {@link io.sparkonnx.engine.kernel.TreeKernel} scores them. */
public final class TreeKernels {
  private static final int NODE = 4;
  private static final int WEIGHT = 2;
  private static final int MISSING = 8;
  private static final int COLUMN = 16;

  /** Columns below this leave a node's bits a finite number, which no copy changes. */
  private static final int MOST_COLUMNS = 1 << 26;

  private static final int MOST_ELEMENTS = 1 << 28;

  private TreeKernels() {}

  /**
   * Where the parts of packed trees are: nodes first, then roots, weights and base values.
   *
   * @param targets columns of the result
   * @param trees number of trees
   * @param aggregation how the trees' weights combine
   * @param roots index of the first root
   * @param weights index of the first weight
   * @param hasBases whether there are base values
   * @param bases index of the first base value
   */
  public record Packing(
      int targets,
      int trees,
      Aggregation aggregation,
      int roots,
      int weights,
      boolean hasBases,
      int bases) {

    /** Whether a target's first weight has to be told from others. */
    public boolean marksSeen() {
      return targets > 1 && (aggregation == Aggregation.MIN || aggregation == Aggregation.MAX);
    }
  }

  /** Where {@link #pack} puts the parts; null where the trees are too large for it. */
  public static Packing packing(TreeEnsemble ensemble) {
    long nodes = (long) NODE * ensemble.mode().length;
    long weights = nodes + ensemble.roots().length;
    long bases = weights + (long) WEIGHT * ensemble.leafWeight().length;
    if (ensemble.features() > MOST_COLUMNS || bases + ensemble.targets() > MOST_ELEMENTS) {
      return null;
    }
    return new Packing(
        ensemble.targets(),
        ensemble.roots().length,
        ensemble.aggregation(),
        (int) nodes,
        (int) weights,
        ensemble.baseValues() != null,
        (int) bases);
  }

  /** The trees in the form that the kernel reads; integers are the bits of floats. */
  public static float[] pack(TreeEnsemble ensemble, Packing packing) {
    float[] packed =
        new float[packing.bases() + (packing.hasBases() ? ensemble.baseValues().length : 0)];
    for (int node = 0; node < ensemble.mode().length; node++) {
      boolean leaf = ensemble.mode()[node] == Mode.LEAF;
      int column = leaf ? 0 : ensemble.feature()[node] * COLUMN;
      int missing = ensemble.missingGoesYes()[node] ? MISSING : 0;
      int yes = leaf ? ensemble.leafBegin()[node] : ensemble.yes()[node];
      int no = leaf ? ensemble.leafBegin()[node + 1] : ensemble.no()[node];
      packed[NODE * node] = ensemble.threshold()[node];
      packed[NODE * node + 1] = bits(column + missing + ensemble.mode()[node].ordinal());
      packed[NODE * node + 2] = bits(yes);
      packed[NODE * node + 3] = bits(no);
    }
    for (int tree = 0; tree < ensemble.roots().length; tree++) {
      packed[packing.roots() + tree] = bits(ensemble.roots()[tree]);
    }
    for (int entry = 0; entry < ensemble.leafWeight().length; entry++) {
      packed[packing.weights() + WEIGHT * entry] = bits(ensemble.leafTarget()[entry]);
      packed[packing.weights() + WEIGHT * entry + 1] = ensemble.leafWeight()[entry];
    }
    if (packing.hasBases()) {
      int targets = ensemble.baseValues().length;
      System.arraycopy(ensemble.baseValues(), 0, packed, packing.bases(), targets);
    }
    return packed;
  }

  private static float bits(int number) {
    return Float.intBitsToFloat(number);
  }

  /**
   * Scores rows into {@code y[rows, targets]}.
   *
   * @param rowStep distance of rows in x
   * @param columnStep distance of columns in x
   * @param packed what {@link #pack} gives
   * @param scratch gives working memory of so many elements
   */
  public static void run(
      DeviceQueue queue,
      Packing packing,
      DeviceArray packed,
      int rows,
      DeviceArray x,
      int rowStep,
      int columnStep,
      DeviceArray y,
      IntFunction<DeviceArray> scratch) {
    DeviceArray seen =
        packing.marksSeen() ? scratch.apply(Math.multiplyExact(rows, packing.targets())) : y;
    Launch.line(
        queue,
        "tree_scores",
        rows,
        rows,
        packing.targets(),
        packing.trees(),
        packing.aggregation().ordinal(),
        x.buffer(),
        x.offset(),
        rowStep,
        columnStep,
        packed.buffer(),
        packed.offset(),
        packing.roots(),
        packing.weights(),
        packing.hasBases() ? 1 : 0,
        packing.bases(),
        y.buffer(),
        y.offset(),
        seen.buffer(),
        seen.offset());
  }
}
