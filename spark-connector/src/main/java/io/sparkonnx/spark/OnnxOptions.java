package io.sparkonnx.spark;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.named_struct;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;

/**
 * The options of a call; immutable, each method returns options with one more set. They are checked
 * when the query is analysed.
 */
public final class OnnxOptions {
  /** No options. */
  public static final OnnxOptions NONE = new OnnxOptions(Map.of());

  private final Map<String, Column> values;

  private OnnxOptions(Map<String, Column> values) {
    this.values = values;
  }

  private OnnxOptions with(String option, Object value) {
    Map<String, Column> changed = new LinkedHashMap<>(values);
    changed.put(option, lit(value));
    return new OnnxOptions(changed);
  }

  /** Rows of one run at most, instead of {@value OnnxConf#BATCH_SIZE}. */
  public OnnxOptions batchSize(int rows) {
    return with("batch_size", rows);
  }

  /**
   * Where the model runs, {@code cpu}, {@code gpu} or {@code auto}, instead of {@value
   * OnnxConf#DEVICE}.
   */
  public OnnxOptions device(String device) {
    return with("device", device);
  }

  /** Threads of one task; the engine uses 1. */
  public OnnxOptions threads(int threads) {
    return with("threads", threads);
  }

  /**
   * Whether NULL becomes NaN in inputs of floating-point numbers, instead of {@value
   * OnnxConf#NAN_FOR_NULL}.
   */
  public OnnxOptions nanForNull(boolean value) {
    return with("nan_for_null", value);
  }

  /** The outputs to return, in this order: one as it is, several as a struct. */
  public OnnxOptions outputs(String... names) {
    return with("outputs", names);
  }

  /** Whether a model is allowed whose rows influence each other. */
  public OnnxOptions batchCoupled(boolean value) {
    return with("batch_coupled", value);
  }

  /**
   * Whether sequences are padded, {@code none} or {@code mask}, instead of {@value
   * OnnxConf#PADDING}.
   */
  public OnnxOptions padding(String value) {
    return with("padding", value);
  }

  /**
   * Whether {@code tryOnnxPredict} gives a struct of {@code result}, which is NULL in a bad row,
   * and {@code error}, which says what is wrong with it and is NULL in others.
   */
  public OnnxOptions withErrors(boolean value) {
    return with("with_errors", value);
  }

  List<Column> appendedTo(Column... inputs) {
    List<Column> arguments = new ArrayList<>(List.of(inputs));
    if (!values.isEmpty()) {
      List<Column> fields = new ArrayList<>();
      values.forEach(
          (option, value) -> {
            fields.add(lit(option));
            fields.add(value);
          });
      arguments.add(named_struct(fields.toArray(Column[]::new)));
    }
    return arguments;
  }
}
