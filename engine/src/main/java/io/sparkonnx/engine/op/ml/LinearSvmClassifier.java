package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.type.Layout;
import java.util.Arrays;

/** SVMClassifier without support vectors, as LIBLINEAR has it: a linear function for each class. */
final class LinearSvmClassifier {
  private LinearSvmClassifier() {}

  /** The equal LinearClassifier; the first element of {@code rho} is added to every function. */
  static LinearClassifier of(Attributes attributes, Labels labels) {
    float[] coefficients = attributes.reals("coefficients");
    float[] rho = attributes.reals("rho");
    int classes = labels.size();
    if (coefficients == null || coefficients.length % classes != 0) {
      throw attributes.error(
          (coefficients == null ? 0 : coefficients.length)
              + " coefficients cannot be divided among "
              + classes
              + " classes");
    }
    if (rho == null || rho.length == 0) {
      throw attributes.error("rho is empty");
    }
    float[] intercepts = new float[classes];
    Arrays.fill(intercepts, rho[0]);
    return new LinearClassifier(
        "SVMClassifier",
        new LinearScores(classes, coefficients, intercepts, Layout.ROW_MAJOR),
        new ClassScores(labels, null, 0f, PostTransform.of(attributes), false));
  }
}
