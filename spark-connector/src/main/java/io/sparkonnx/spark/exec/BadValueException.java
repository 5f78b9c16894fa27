package io.sparkonnx.spark.exec;

/** A value that an input cannot take; whoever knows the row makes a {@link BadRowException}. */
final class BadValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int argument;
  private final int row;

  /**
   * @param problem what is wrong, to follow the argument's name
   * @param argument index among the input's arguments
   * @param row index in the batch
   */
  BadValueException(String problem, int argument, int row) {
    super(problem);
    this.argument = argument;
    this.row = row;
  }

  int argument() {
    return argument;
  }

  int row() {
    return row;
  }
}
