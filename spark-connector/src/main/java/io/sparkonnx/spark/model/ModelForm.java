package io.sparkonnx.spark.model;

import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.spark.device.DeviceForm;
import java.util.Set;

/**
 * How a model is compiled for a call.
 *
 * @param outputs those that are computed; empty for all
 * @param byColumns inputs that come by columns
 * @param device the device that it runs on; null for the CPU
 */
public record ModelForm(Set<String> outputs, Set<String> byColumns, DeviceForm device) {
  /** All of the model, its inputs as they are. */
  public static final ModelForm WHOLE = new ModelForm(Set.of(), Set.of(), null);

  public ModelForm {
    outputs = Set.copyOf(outputs);
    byColumns = Set.copyOf(byColumns);
  }

  LoadOptions options() {
    LoadOptions options =
        LoadOptions.DEFAULT.withOutputs(outputs).withByColumns(byColumns.toArray(String[]::new));
    return device == null ? options : options.withDevice(device.target());
  }
}
