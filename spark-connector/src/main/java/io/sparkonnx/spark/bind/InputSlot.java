package io.sparkonnx.spark.bind;

import io.sparkonnx.engine.tensor.ElementType;
import java.io.Serializable;
import java.util.List;

/**
 * A model input and the arguments that fill it.
 *
 * @param input ONNX name
 * @param element type of its elements
 * @param rowDims shape of one row, without the batch axis; -1 where the model leaves it open
 * @param first index of the first argument
 * @param arguments how many arguments: one, or as many as a row has elements
 * @param isOutput whether the model gives the input back as an output of the same name
 * @param nanForNull whether an element that is NULL becomes NaN; else its row is bad
 * @param sequenceAxis the dimension of a row that padding lengthens, or {@link #NONE}
 */
public record InputSlot(
    String input,
    ElementType element,
    List<Integer> rowDims,
    int first,
    int arguments,
    boolean isOutput,
    boolean nanForNull,
    int sequenceAxis)
    implements Serializable {
  /** A dimension that the model leaves open. */
  public static final int OPEN = -1;

  /** No axis. */
  public static final int NONE = -1;

  public InputSlot {
    rowDims = List.copyOf(rowDims);
  }

  /** This slot with its arguments elsewhere. */
  public InputSlot at(int newFirst) {
    return new InputSlot(
        input, element, rowDims, newFirst, arguments, isOutput, nanForNull, sequenceAxis);
  }

  /** This slot with a sequence along a dimension of its rows. */
  InputSlot along(int axis) {
    return new InputSlot(input, element, rowDims, first, arguments, isOutput, nanForNull, axis);
  }

  /** Whether padding lengthens the slot's rows. */
  public boolean isSequence() {
    return sequenceAxis != NONE;
  }

  /** Elements of one row, or {@link #OPEN}. */
  public int rowSize() {
    long size = 1;
    for (int dim : rowDims) {
      if (dim == OPEN) {
        return OPEN;
      }
      size *= dim;
    }
    return Math.toIntExact(size);
  }
}
