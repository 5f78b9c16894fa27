package io.sparkonnx.spark.score;

import io.sparkonnx.engine.Signature;
import io.sparkonnx.engine.Signature.Port;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The numbers in a model's result that statistics are made of. */
final class ScoreColumns {
  /** An output with more elements a row than these has no statistics. */
  private static final int MOST_ELEMENTS = 16;

  private final Signature signature;
  private final Map<String, Column> scores = new LinkedHashMap<>();

  private ScoreColumns(Signature signature) {
    this.signature = signature;
  }

  /**
   * Numbers by their names: the result itself, a field, or an element of one that has few.
   *
   * @param column name of the result
   * @param type of the result
   */
  static Map<String, Column> of(String column, DataType type, Signature signature) {
    ScoreColumns found = new ScoreColumns(signature);
    Column result = functions.col("`" + column.replace("`", "``") + "`");
    if (type instanceof StructType struct) {
      for (StructField field : struct.fields()) {
        found.add(
            column + "." + field.name(),
            result.getField(field.name()),
            field.dataType(),
            field.name());
      }
    } else {
      found.add(column, result, type, signature.outputs().get(0).name());
    }
    return found.scores;
  }

  private void add(String name, Column value, DataType type, String output) {
    if (type instanceof NumericType) {
      scores.put(name, value.cast("double"));
    } else if (type instanceof ArrayType array && array.elementType() instanceof NumericType) {
      for (int i = 0; i < elements(output); i++) {
        scores.put(name + "[" + i + "]", functions.get(value, functions.lit(i)).cast("double"));
      }
    }
  }

  /** Elements of a row of an output [N, elements], or 0. */
  private int elements(String output) {
    for (Port port : signature.outputs()) {
      if (port.name().equals(output) && port.type() instanceof TensorType tensor) {
        Shape shape = tensor.shape();
        boolean few =
            shape.hasRank()
                && shape.rank() == 2
                && shape.dim(1).isConstant()
                && shape.dim(1).value() <= MOST_ELEMENTS;
        return few ? (int) shape.dim(1).value() : 0;
      }
    }
    return 0;
  }
}
