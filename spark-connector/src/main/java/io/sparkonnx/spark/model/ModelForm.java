package io.sparkonnx.spark.model;

import io.sparkonnx.engine.LoadOptions;
import java.util.Set;

/**
 * How a model is compiled for a call.
 *
 * @param outputs those that are computed; empty for all
 * @param byColumns inputs that come by columns
 */
public record ModelForm(Set<String> outputs, Set<String> byColumns) {
  /** All of the model, its inputs as they are. */
  public static final ModelForm WHOLE = new ModelForm(Set.of(), Set.of());

  public ModelForm {
    outputs = Set.copyOf(outputs);
    byColumns = Set.copyOf(byColumns);
  }

  LoadOptions options() {
    return LoadOptions.DEFAULT.withOutputs(outputs).withByColumns(byColumns.toArray(String[]::new));
  }
}
