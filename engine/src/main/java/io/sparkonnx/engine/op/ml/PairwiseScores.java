package io.sparkonnx.engine.op.ml;

/**
 * One score for each pair of classes i &lt; j from the kernel values of the support vectors, and
 * class probabilities from those scores.
 *
 * @param begin first support vector of each class, and their number behind
 * @param coefficients [classes − 1, vectors]: row j − 1 holds class i's against class j, row i
 *     class j's against class i
 * @param rho constant of each pair
 * @param probA slope of each pair's logistic function, or null
 * @param probB its offset
 */
record PairwiseScores(
    int[] begin, float[] coefficients, float[] rho, float[] probA, float[] probB) {
  private static final float LEAST = 1e-7f;
  private static final int MAX_ITERATIONS = 100;

  int classes() {
    return begin.length - 1;
  }

  int vectors() {
    return begin[begin.length - 1];
  }

  int pairs() {
    return classes() * (classes() - 1) / 2;
  }

  /**
   * Scores one row.
   *
   * @param values kernel values, one per support vector, from {@code from}
   * @param scores receives one score per pair from {@code at}
   * @param votes receives for each class the pairs that it wins
   */
  void score(float[] values, int from, float[] scores, int at, int[] votes) {
    int pair = 0;
    java.util.Arrays.fill(votes, 0);
    for (int i = 0; i < classes(); i++) {
      for (int j = i + 1; j < classes(); j++) {
        double sum = sum(values, from, i, j - 1) + sum(values, from, j, i) + rho[pair];
        scores[at + pair++] = (float) sum;
        votes[sum > 0 ? i : j]++;
      }
    }
  }

  private double sum(float[] values, int from, int group, int row) {
    double sum = 0;
    for (int v = begin[group]; v < begin[group + 1]; v++) {
      sum += (double) coefficients[row * vectors() + v] * values[from + v];
    }
    return sum;
  }

  /**
   * Couples the pairs' probabilities to one for each class, as LIBSVM does: T.-F. Wu, C.-J. Lin, R.
   * C. Weng, "Probability estimates for multi-class classification by pairwise coupling", JMLR 5
   * (2004), second method.
   *
   * @param scores one per pair
   * @param from index of the first
   * @param p receives one probability per class
   * @param at index of the first
   */
  void probabilities(float[] scores, int from, float[] p, int at) {
    int k = classes();
    float[] q = quadraticForm(scores, from);
    float[] qp = new float[k];
    java.util.Arrays.fill(p, at, at + k, 1f / k);
    float limit = 0.005f / k;
    for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
      float pqp = 0;
      for (int i = 0; i < k; i++) {
        qp[i] = 0;
        for (int j = 0; j < k; j++) {
          qp[i] += q[i * k + j] * p[at + j];
        }
        pqp += p[at + i] * qp[i];
      }
      float error = 0;
      for (int i = 0; i < k; i++) {
        error = Math.max(error, Math.abs(qp[i] - pqp));
      }
      if (error < limit) {
        return;
      }
      for (int i = 0; i < k; i++) {
        float diagonal = q[i * k + i];
        float step = (pqp - qp[i]) / diagonal;
        float norm = 1 + step;
        p[at + i] += step;
        pqp = (pqp + step * (step * diagonal + 2 * qp[i])) / norm / norm;
        for (int j = 0; j < k; j++) {
          qp[j] = (qp[j] + step * q[i * k + j]) / norm;
          p[at + j] /= norm;
        }
      }
    }
  }

  /** Q of the paper: Σₛ r(s, i)² on the diagonal, −r(j, i)·r(i, j) elsewhere. */
  private float[] quadraticForm(float[] scores, int from) {
    int k = classes();
    float[] r = new float[k * k];
    int pair = 0;
    for (int i = 0; i < k; i++) {
      for (int j = i + 1; j < k; j++, pair++) {
        double margin = (double) scores[from + pair] * probA[pair] + probB[pair];
        float wins = (float) (1 / (1 + StrictMath.exp(margin)));
        r[i * k + j] = Math.min(Math.max(wins, LEAST), 1 - LEAST);
        r[j * k + i] = 1 - r[i * k + j];
      }
    }
    float[] q = new float[k * k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        if (i != j) {
          q[i * k + i] += r[j * k + i] * r[j * k + i];
          q[i * k + j] = -r[j * k + i] * r[i * k + j];
        }
      }
    }
    return q;
  }
}
