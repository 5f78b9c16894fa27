package io.sparkonnx.spark.arrow;

import org.apache.arrow.vector.FieldVector;
import org.apache.spark.sql.vectorized.ArrowColumnVector;

/**
 * A vector that stays its reader's: Spark closes the columns of each batch, after which a struct's
 * vector could not be loaded again.
 */
final class LentArrowVector extends ArrowColumnVector {
  LentArrowVector(FieldVector vector) {
    super(vector);
  }

  @Override
  public void close() {}
}
