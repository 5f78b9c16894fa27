package io.sparkonnx.spark.bind;

import java.io.Serializable;
import org.apache.spark.sql.types.DataType;

/**
 * A model output and the column it becomes.
 *
 * @param output ONNX name
 * @param type Spark type of one row's value
 * @param perRow whether the first axis counts rows; else every row gets the whole value
 * @param depth how many arrays are nested in one row's value, 0 for a scalar or a map
 */
public record OutputSlot(String output, DataType type, boolean perRow, int depth)
    implements Serializable {}
