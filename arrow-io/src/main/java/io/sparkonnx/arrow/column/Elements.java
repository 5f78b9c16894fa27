package io.sparkonnx.arrow.column;

import io.sparkonnx.engine.tensor.Tensor;

/**
 * One element a row.
 *
 * @param tensor the elements [N]; binary values are STRING elements that hold any bytes
 * @param nulls the rows that are NULL
 */
public record Elements(Tensor tensor, RowMask nulls) implements Column {
  /** Checks that there is one element a row. */
  public Elements {
    if (tensor.rank() != 1 || tensor.dim(0) != nulls.rows()) {
      throw new IllegalArgumentException(
          tensor + " has not one element for each of " + nulls.rows() + " rows");
    }
  }

  @Override
  public Elements gather(int[] rows) {
    return new Elements(Gathering.gather(tensor, rows), nulls.gather(rows));
  }
}
