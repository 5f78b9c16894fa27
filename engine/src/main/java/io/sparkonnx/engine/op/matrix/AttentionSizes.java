package io.sparkonnx.engine.op.matrix;

import java.util.Arrays;

/**
 * Sizes of a {@link FusedAttention}'s factors.
 *
 * @param outer layers along all leading axes but the last
 * @param inner layers along the last leading axis
 * @param m rows of Q and of the result
 * @param n keys and values
 * @param k columns of Q
 * @param d columns of V and of the result
 */
record AttentionSizes(int outer, int inner, int m, int n, int k, int d) {
  static AttentionSizes of(int[] q, int[] v) {
    int rank = q.length;
    int outer = Arrays.stream(q, 0, Math.max(0, rank - 3)).reduce(1, Math::multiplyExact);
    int inner = rank > 2 ? q[rank - 3] : 1;
    return new AttentionSizes(outer, inner, q[rank - 2], v[rank - 2], q[rank - 1], v[rank - 1]);
  }

  /** Where a row of a layer's scores begins in what is broadcast to them by four strides. */
  int start(int layer, int row, int[] strides) {
    return layer / inner * strides[0] + layer % inner * strides[1] + row * strides[2];
  }

  int layers() {
    return Math.multiplyExact(outer, inner);
  }
}
