package io.sparkonnx.gpu.spark;

import io.sparkonnx.gpu.placement.DeviceCosts;
import java.io.Serializable;

/**
 * What an executor tells the driver of a model that it has measured.
 *
 * @param executor its id
 * @param model the model's SHA-256
 * @param costs what was measured
 */
record CostReport(String executor, String model, DeviceCosts costs) implements Serializable {}
