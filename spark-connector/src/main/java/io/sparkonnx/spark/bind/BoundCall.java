package io.sparkonnx.spark.bind;

import io.sparkonnx.spark.model.ModelReference;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * A call whose arguments are bound to a model's inputs.
 *
 * @param model the model
 * @param inputs the inputs that are filled
 * @param outputs the outputs that are returned
 * @param partial whether the model has other outputs, which are not computed
 * @param options what the call asks for
 * @param coupled whether the rows of a run influence each other
 * @param rowByRow whether a run takes one row only, since the model fixes its batch size at 1
 * @param mask name of the input that says which elements of a sequence count, where sequences may
 *     be padded under it; else null
 */
public record BoundCall(
    ModelReference model,
    List<InputSlot> inputs,
    List<OutputSlot> outputs,
    boolean partial,
    CallOptions options,
    boolean coupled,
    boolean rowByRow,
    String mask)
    implements Serializable {
  public BoundCall {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** Names the call in messages. */
  public String name() {
    return options.call(model.location());
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

  /** Names of the outputs that the model is cut down to; empty where it is whole. */
  public Set<String> computed() {
    return partial
        ? outputs.stream().map(OutputSlot::output).collect(Collectors.toUnmodifiableSet())
        : Set.of();
  }

  /** Indexes of the arguments that some outputs need. */
  public List<Integer> argumentsFor(List<OutputSlot> some) {
    return inputs.stream()
        .filter(slot -> isNeeded(slot, some))
        .flatMap(slot -> IntStream.range(slot.first(), slot.first() + slot.arguments()).boxed())
        .toList();
  }

  /**
   * This call for some of its outputs, over the arguments that these need.
   *
   * @param some outputs of this call that need at least one input
   */
  public BoundCall keeping(List<OutputSlot> some) {
    List<InputSlot> needed = new ArrayList<>();
    int first = 0;
    for (InputSlot slot : inputs) {
      if (isNeeded(slot, some)) {
        needed.add(slot.at(first));
        first += slot.arguments();
      }
    }
    return new BoundCall(model, needed, some, true, options, coupled, rowByRow, mask);
  }

  private static boolean isNeeded(InputSlot slot, List<OutputSlot> some) {
    return some.stream().anyMatch(output -> output.inputs().contains(slot.input()));
  }
}
