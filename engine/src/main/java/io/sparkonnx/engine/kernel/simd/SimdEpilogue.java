package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.FLOATS;

import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.kernel.UnaryKernel;
import io.sparkonnx.engine.kernel.scalar.ScalarSimpleLoops;
import jdk.incubator.vector.FloatVector;

/** Applies an {@link Epilogue} to finished dot products while they are in the cache. */
final class SimdEpilogue {
  private final UnaryKernel unary;

  SimdEpilogue(UnaryKernel unary) {
    this.unary = unary;
  }

  static boolean isIdentity(Epilogue epilogue) {
    return epilogue.scale() == 1f
        && epilogue.biasAxis() == BiasAxis.NONE
        && epilogue.activation() == null;
  }

  /** Finishes some columns of some rows of C. */
  void apply(SimdGemm.Output output, int row, int rows, int column, int columns) {
    Epilogue epilogue = output.epilogue();
    if (isIdentity(epilogue)) {
      return;
    }
    for (int i = row; i < row + rows; i++) {
      int at = output.offset() + i * output.rowStride() + column;
      apply(epilogue, epilogue.biasAxis(), i, column, output.c(), at, columns);
    }
  }

  /** Finishes a run of {@code length} elements of row {@code row} from {@code column} on. */
  void apply(
      Epilogue epilogue, BiasAxis axis, int row, int column, float[] c, int offset, int length) {
    if (epilogue.scale() != 1f) {
      scale(epilogue.scale(), c, offset, length);
    }
    boolean relu = epilogue.activation() == UnaryFunction.RELU;
    if (axis == BiasAxis.ROW) {
      float bias = epilogue.bias()[row];
      if (relu) {
        addRelu(bias, c, offset, length);
      } else {
        add(bias, c, offset, length);
      }
    } else if (axis == BiasAxis.COLUMN) {
      if (relu) {
        addRelu(epilogue.bias(), column, c, offset, length);
      } else {
        add(epilogue.bias(), column, c, offset, length);
      }
    }
    if (epilogue.activation() != null && !(relu && axis != BiasAxis.NONE)) {
      unary.apply(
          epilogue.activation(), epilogue.alpha(), epilogue.beta(), c, offset, c, offset, length);
    }
  }

  /**
   * Finishes rows that are a vector apart but only {@code columns} wide; what lies behind their end
   * is arbitrary afterwards.
   */
  void applyToNarrowRows(Epilogue epilogue, int firstRow, int rows, int columns, float[] c) {
    int length = rows * COUNT;
    if (epilogue.scale() != 1f) {
      scale(epilogue.scale(), c, 0, length);
    }
    float[] bias = epilogue.bias();
    switch (epilogue.biasAxis()) {
      case NONE -> {}
      case ROW -> {
        for (int i = 0; i < rows; i++) {
          add(bias[firstRow + i], c, i * COUNT, COUNT);
        }
      }
      case COLUMN -> {
        for (int i = 0; i < rows; i++) {
          for (int j = 0; j < columns; j++) {
            c[i * COUNT + j] += bias[j];
          }
        }
      }
    }
    if (epilogue.activation() != null) {
      unary.apply(epilogue.activation(), epilogue.alpha(), epilogue.beta(), c, 0, c, 0, length);
    }
  }

  private static void scale(float scale, float[] c, int offset, int length) {
    int i = 0;
    for (; i + COUNT <= length; i += COUNT) {
      FloatVector.fromArray(FLOATS, c, offset + i).mul(scale).intoArray(c, offset + i);
    }
    for (; i < length; i++) {
      c[offset + i] *= scale;
    }
  }

  private static void add(float bias, float[] c, int offset, int length) {
    int i = 0;
    for (; i + COUNT <= length; i += COUNT) {
      FloatVector.fromArray(FLOATS, c, offset + i).add(bias).intoArray(c, offset + i);
    }
    for (; i < length; i++) {
      c[offset + i] += bias;
    }
  }

  private static void addRelu(float bias, float[] c, int offset, int length) {
    int i = 0;
    for (; i + COUNT <= length; i += COUNT) {
      FloatVector sum = FloatVector.fromArray(FLOATS, c, offset + i).add(bias);
      VectorPiecewise.relu(sum).intoArray(c, offset + i);
    }
    int tail = offset + i;
    for (; i < length; i++) {
      c[offset + i] += bias;
    }
    ScalarSimpleLoops.relu(c, tail, c, tail, offset + length - tail);
  }

  private static void add(float[] bias, int from, float[] c, int offset, int length) {
    int i = 0;
    for (; i + COUNT <= length; i += COUNT) {
      FloatVector b = FloatVector.fromArray(FLOATS, bias, from + i);
      FloatVector.fromArray(FLOATS, c, offset + i).add(b).intoArray(c, offset + i);
    }
    for (; i < length; i++) {
      c[offset + i] += bias[from + i];
    }
  }

  private static void addRelu(float[] bias, int from, float[] c, int offset, int length) {
    int i = 0;
    for (; i + COUNT <= length; i += COUNT) {
      FloatVector b = FloatVector.fromArray(FLOATS, bias, from + i);
      FloatVector sum = FloatVector.fromArray(FLOATS, c, offset + i).add(b);
      VectorPiecewise.relu(sum).intoArray(c, offset + i);
    }
    int tail = offset + i;
    for (; i < length; i++) {
      c[offset + i] += bias[from + i];
    }
    ScalarSimpleLoops.relu(c, tail, c, tail, offset + length - tail);
  }
}
