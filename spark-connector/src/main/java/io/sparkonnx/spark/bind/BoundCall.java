package io.sparkonnx.spark.bind;

import io.sparkonnx.spark.model.ModelReference;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

  /** The type of {@link #outputType}, or a struct of it and of the error of a bad row. */
  public DataType resultType() {
    return options.errors()
        ? DataTypes.createStructType(
            List.of(
                DataTypes.createStructField("result", outputType(), true),
                DataTypes.createStructField("error", DataTypes.StringType, true)))
        : outputType();
  }

  /** The output's type, or a struct of all outputs under their names. */
  public DataType outputType() {
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

  /**
   * Whether this call and another can be one, if their arguments agree: they are strict, differ at
   * most in their outputs and in the inputs that these need, and together refuse no row that both
   * take. Sizes that are open to several inputs may have to agree, so all of these must already be
   * inputs of one of the two.
   */
  public boolean canRunWith(BoundCall other) {
    return model.equals(other.model)
        && options.equals(other.options.withOutputs(options.outputs()))
        && !options.lenient()
        && !coupled
        && !other.coupled
        && rowByRow == other.rowByRow
        && Objects.equals(mask, other.mask)
        && (inputsBeyond(other).isEmpty()
            || other.inputsBeyond(this).isEmpty()
            || Stream.concat(inputs.stream(), other.inputs.stream())
                .noneMatch(slot -> slot.rowSize() == InputSlot.OPEN));
  }

  /** The slots of inputs that another call of the model does not fill. */
  public List<InputSlot> inputsBeyond(BoundCall other) {
    Set<String> filled =
        other.inputs.stream().map(InputSlot::input).collect(Collectors.toUnmodifiableSet());
    return inputs.stream().filter(slot -> !filled.contains(slot.input())).toList();
  }

  /**
   * This call with the outputs of another too. After its own arguments it takes those of the
   * other's {@link #inputsBeyond} it.
   */
  public BoundCall with(BoundCall other) {
    List<OutputSlot> returned =
        Stream.concat(outputs.stream(), other.outputs.stream()).distinct().toList();
    List<InputSlot> filled = new ArrayList<>(inputs);
    int first = inputs.stream().mapToInt(InputSlot::arguments).sum();
    for (InputSlot slot : other.inputsBeyond(this)) {
      filled.add(slot.at(first));
      first += slot.arguments();
    }
    return new BoundCall(
        model,
        filled,
        returned,
        partial && other.partial,
        options.withOutputs(returned.stream().map(OutputSlot::output).toList()),
        coupled,
        rowByRow,
        mask);
  }

  private static boolean isNeeded(InputSlot slot, List<OutputSlot> some) {
    return some.stream().anyMatch(output -> output.inputs().contains(slot.input()));
  }
}
