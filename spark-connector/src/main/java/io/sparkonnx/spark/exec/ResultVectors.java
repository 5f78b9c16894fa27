package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.MapValue;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.SequenceValue;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.spark.bind.BoundCall;
import io.sparkonnx.spark.bind.OnnxCondition;
import io.sparkonnx.spark.bind.OutputSlot;
import java.util.Collections;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.vectorized.ColumnVector;

/** A call's outputs as columns, without copying; fails where they are not what the model says. */
final class ResultVectors {
  private final BoundCall call;

  ResultVectors(BoundCall call) {
    this.call = call;
  }

  /**
   * The column of an output.
   *
   * @param rows rows of the run
   * @param lengths of the rows' own sequences where these were padded, else null
   */
  ColumnVector of(OutputSlot slot, OnnxValue value, int rows, int[] lengths) {
    if (value instanceof Tensor tensor) {
      return ofTensor(slot, tensor, rows, lengths);
    }
    if (slot.type() instanceof MapType type) {
      SequenceValue maps =
          value instanceof MapValue map
              ? SequenceValue.of(Collections.nCopies(rows, map))
              : (SequenceValue) value;
      return new MapVector(type, rowsOf(slot, maps, rows));
    }
    throw failure(slot, "is no tensor and no maps");
  }

  private SequenceValue rowsOf(OutputSlot slot, SequenceValue maps, int rows) {
    if (maps.size() != rows) {
      throw wrongRows(slot, maps.size(), rows);
    }
    return maps;
  }

  private ColumnVector ofTensor(OutputSlot slot, Tensor tensor, int rows, int[] lengths) {
    if (slot.perRow() && tensor.dim(0) != rows) {
      throw wrongRows(slot, tensor.dim(0), rows);
    }
    if (tensor.rank() != slot.depth() + (slot.perRow() ? 1 : 0) && slot.depth() > 0) {
      throw failure(
          slot, "has shape " + tensor.dimsString() + ", not of rank " + slot.depth() + " a row");
    }
    DataType element = slot.type();
    for (int i = 0; i < slot.depth(); i++) {
      element = ((ArrayType) element).elementType();
    }
    if (slot.depth() == 0) {
      return new ElementVector(element, tensor, slot.perRow() ? Integer.MAX_VALUE : 1);
    }
    return nested(slot, tensor, new ElementVector(element, tensor), lengths);
  }

  /** Arrays around the elements, from the innermost axis outwards. */
  private static ColumnVector nested(
      OutputSlot slot, Tensor tensor, ColumnVector elements, int[] lengths) {
    DataType[] types = new DataType[slot.depth()];
    types[0] = slot.type();
    for (int i = 1; i < types.length; i++) {
      types[i] = ((ArrayType) types[i - 1]).elementType();
    }
    ColumnVector vector = elements;
    for (int level = types.length - 1; level >= 0; level--) {
      int length = tensor.dim(level + (slot.perRow() ? 1 : 0));
      if (lengths != null && level == slot.sequenceAxis()) {
        int arrays = arraysPerRow(tensor, level);
        vector = new CutArrayVector(types[level], vector, length, lengths, arrays);
      } else {
        boolean repeated = level == 0 && !slot.perRow();
        vector = new ArrayVector(types[level], vector, length, repeated ? 0 : length);
      }
    }
    return vector;
  }

  /** How many arrays of a level a row has, its axis being the first. */
  private static int arraysPerRow(Tensor tensor, int level) {
    int arrays = 1;
    for (int axis = 1; axis <= level; axis++) {
      arrays *= tensor.dim(axis);
    }
    return arrays;
  }

  private CallException wrongRows(OutputSlot slot, int found, int rows) {
    return failure(slot, "has " + found + " rows for " + rows + " rows of input");
  }

  private CallException failure(OutputSlot slot, String problem) {
    return new CallException(
        OnnxCondition.ONNX_RUN, call.name() + ": output " + slot.output() + " " + problem, null);
  }
}
