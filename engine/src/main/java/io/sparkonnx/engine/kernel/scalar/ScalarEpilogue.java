package io.sparkonnx.engine.kernel.scalar;

import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.UnaryKernel;

/** Applies an {@link Epilogue} to finished dot products, one row of the output at a time. */
final class ScalarEpilogue {
  private final UnaryKernel unary;

  ScalarEpilogue(UnaryKernel unary) {
    this.unary = unary;
  }

  /** Finishes {@code c[offset, offset+columns)}, which is row {@code row} from column 0 on. */
  void applyToRow(Epilogue epilogue, int row, float[] c, int offset, int columns) {
    float scale = epilogue.scale();
    if (scale != 1f) {
      for (int j = 0; j < columns; j++) {
        c[offset + j] *= scale;
      }
    }
    float[] bias = epilogue.bias();
    if (epilogue.biasAxis() == BiasAxis.ROW) {
      float b = bias[row];
      for (int j = 0; j < columns; j++) {
        c[offset + j] += b;
      }
    } else if (epilogue.biasAxis() == BiasAxis.COLUMN) {
      for (int j = 0; j < columns; j++) {
        c[offset + j] += bias[j];
      }
    }
    if (epilogue.activation() != null) {
      unary.apply(
          epilogue.activation(), epilogue.alpha(), epilogue.beta(), c, offset, c, offset, columns);
    }
  }
}
