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
 * @param reason why rows cannot be put together, or null
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
    /** The model fixes the size of every input: one run takes what the signature says. */
    FIXED,
    /** Any number of rows, but they influence each other, or nothing proves that they do not. */
    COUPLED
  }

  public boolean rowsAreIndependent() {
    return kind == Kind.ROWS;
  }
}
