package io.sparkonnx.engine;

import java.util.Map;

/**
 * Whether rows can be put together into one run, and where they lie.
 *
 * @param kind what was proven
 * @param symbol name of the dimension that counts rows, for {@link Kind#ROWS}
 * @param inputAxes for {@link Kind#ROWS}, the batch axis of each input that has one
 * @param outputAxes for {@link Kind#ROWS}, the batch axis of each output that has one; an output
 *     that is not there is the same for every batch
 * @param reason why rows cannot be put together, or that they can although the file fixes the batch
 *     at 1; else null
 */
public record Batching(
    Kind kind,
    String symbol,
    Map<String, Integer> inputAxes,
    Map<String, Integer> outputAxes,
    String reason) {
  public Batching {
    inputAxes = Map.copyOf(inputAxes);
    outputAxes = Map.copyOf(outputAxes);
  }

  /** What is known of the rows of a run. */
  public enum Kind {
    /** Any number of rows; each row's result depends on that row alone. */
    ROWS,
    /** The model fixes the number of rows: one run takes what the signature says. */
    FIXED,
    /** Any number of rows, but they influence each other, or nothing proves that they do not. */
    COUPLED
  }

  /** One line for people. */
  public String text() {
    String because = reason == null ? "" : ": " + reason;
    return switch (kind) {
      case ROWS -> "any number of rows, each on its own" + because;
      case FIXED -> "one run at a time" + because;
      case COUPLED -> "rows cannot be put together" + because;
    };
  }

  public boolean rowsAreIndependent() {
    return kind == Kind.ROWS;
  }
}
