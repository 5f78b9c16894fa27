package io.sparkonnx.engine.profile;

/**
 * What one step of a plan takes.
 *
 * @param node name of its node
 * @param operator its ONNX operator
 * @param onDevice whether it runs on the model's device
 * @param share of the time of all steps
 * @param millis of a run, transfers of its inputs included
 */
public record StepTime(
    String node, String operator, boolean onDevice, double share, double millis) {}
