package io.sparkonnx.spark.bind;

import java.io.Serializable;
import java.util.Set;
import org.apache.spark.sql.types.DataType;

/**
 * A model output and the column it becomes.
 *
 * @param output ONNX name
 * @param type Spark type of one row's value
 * @param perRow whether the first axis counts rows; else every row gets the whole value
 * @param depth how many arrays are nested in one row's value, 0 for a scalar or a map
 * @param inputs names of the inputs that it depends on
 * @param sequenceAxis the level of nested arrays that is cut back after padding, or {@link
 *     InputSlot#NONE}
 */
public record OutputSlot(
    String output, DataType type, boolean perRow, int depth, Set<String> inputs, int sequenceAxis)
    implements Serializable {
  public OutputSlot {
    inputs = Set.copyOf(inputs);
  }

  OutputSlot of(Set<String> needed) {
    return new OutputSlot(output, type, perRow, depth, needed, sequenceAxis);
  }

  /** This slot with a sequence along a level of its arrays. */
  OutputSlot along(int level) {
    return new OutputSlot(output, type, perRow, depth, inputs, level);
  }
}
