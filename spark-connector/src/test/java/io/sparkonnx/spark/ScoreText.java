package io.sparkonnx.spark;

import java.nio.file.Path;

/** SQL texts with SCORE(x, y) for 2x + 3y + 1, as a call of a model and as a formula. */
final class ScoreText {
  private static final String SCORE = "SCORE(";

  private final String model;

  private ScoreText(String model) {
    this.model = model;
  }

  /** Writes the model into a folder. */
  static ScoreText write(Path folder) {
    return new ScoreText(TestModel.linear(1f, 2f, 3f).write(folder, "score.onnx"));
  }

  String model() {
    return model;
  }

  String call(String sql) {
    return sql.replace(SCORE, "onnx_predict('" + model + "', ");
  }

  /** The text with each SCORE, nested ones too, written out. */
  String formula(String sql) {
    int start = sql.lastIndexOf(SCORE);
    if (start < 0) {
      return sql;
    }
    int from = start + SCORE.length();
    int comma = -1;
    int depth = 1;
    int end = from;
    for (; depth > 0; end++) {
      char c = sql.charAt(end);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 1) {
        comma = end;
      }
    }
    String x = sql.substring(from, comma);
    String y = sql.substring(comma + 1, end - 1).strip();
    String written = "float(2 * (" + x + ") + 3 * (" + y + ") + 1)";
    return formula(sql.substring(0, start) + written + sql.substring(end));
  }
}
