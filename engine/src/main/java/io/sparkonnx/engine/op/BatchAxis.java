package io.sparkonnx.engine.op;

/**
 * How a value depends on the batch.
 *
 * @param kind the dependence
 * @param axis for {@link Kind#ROWS}, the axis whose length is the number of rows times a per-row
 *     factor, the row being the outer index
 * @param reason for {@link Kind#COUPLED}, what mixed the rows
 */
public record BatchAxis(Kind kind, int axis, String reason) {
  /** Dependences. */
  public enum Kind {
    /** The same for every batch. */
    SHARED,
    /** A slice of the axis belongs to one row and depends on that row alone. */
    ROWS,
    /** A function of the number of rows, not of their values: what Shape computes. */
    SIZE,
    /** Rows influence each other, or may. */
    COUPLED
  }

  public static final BatchAxis SHARED = new BatchAxis(Kind.SHARED, -1, null);
  public static final BatchAxis SIZE = new BatchAxis(Kind.SIZE, -1, null);

  public static BatchAxis rows(int axis) {
    return new BatchAxis(Kind.ROWS, axis, null);
  }

  public static BatchAxis coupled(String reason) {
    return new BatchAxis(Kind.COUPLED, -1, reason);
  }

  public boolean isRows() {
    return kind == Kind.ROWS;
  }

  public boolean isShared() {
    return kind == Kind.SHARED;
  }
}
