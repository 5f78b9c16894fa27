package io.sparkonnx.spark.bind;

import io.sparkonnx.spark.model.ModelReference;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * A call whose arguments are bound to a model's inputs.
 *
 * @param model the model
 * @param inputs the inputs that are filled
 * @param outputs the outputs that are returned
 * @param options what the call asks for
 * @param coupled whether the rows of a run influence each other
 * @param rowByRow whether a run takes one row only, since the model fixes its batch size at 1
 */
public record BoundCall(
    ModelReference model,
    List<InputSlot> inputs,
    List<OutputSlot> outputs,
    CallOptions options,
    boolean coupled,
    boolean rowByRow)
    implements Serializable {
  public BoundCall {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** The output's type, or a struct of all outputs under their names. */
  public DataType resultType() {
    if (outputs.size() == 1) {
      return outputs.get(0).type();
    }
    return DataTypes.createStructType(
        outputs.stream()
            .map(o -> DataTypes.createStructField(o.output(), o.type(), false))
            .toArray(StructField[]::new));
  }
}
