package io.sparkonnx.engine.kernel;

/**
 * Trees as parallel arrays over all nodes of all trees. A branch sends a row to {@code yes} where
 * its comparison holds, or where the feature is NaN and {@code missingGoesYes} is set.
 *
 * @param features number of input columns
 * @param targets number of output columns
 * @param roots node index of each tree's root, in tree order
 * @param mode comparison per node
 * @param feature column that the node tests
 * @param threshold value compared against
 * @param yes node index when the comparison holds
 * @param no node index otherwise
 * @param missingGoesYes per node
 * @param leafBegin per node, first entry of its leaf weights in {@code leafTarget/leafWeight}; a
 *     node's entries end at {@code leafBegin[node + 1]} (one more element than nodes); empty for
 *     branches
 * @param leafTarget output column of each leaf weight
 * @param leafWeight leaf weights
 * @param aggregation how the trees' weights combine
 * @param baseValues added at the end, one per target, or null
 */
public record TreeEnsemble(
    int features,
    int targets,
    int[] roots,
    Mode[] mode,
    int[] feature,
    float[] threshold,
    int[] yes,
    int[] no,
    boolean[] missingGoesYes,
    int[] leafBegin,
    int[] leafTarget,
    float[] leafWeight,
    Aggregation aggregation,
    float[] baseValues) {

  /** Comparison of feature with threshold. */
  public enum Mode {
    LEAF,
    LEQ,
    LT,
    GTE,
    GT,
    EQ,
    NEQ
  }

  /** How the trees' weights combine. */
  public enum Aggregation {
    SUM,
    AVERAGE,
    MIN,
    MAX
  }
}
