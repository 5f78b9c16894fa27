package io.sparkonnx.spark.ui;

/**
 * A call of a model in a query.
 *
 * @param function e.g. {@code onnx_predict}
 * @param model file name of the model
 * @param sha256 of the model
 * @param device where it runs and why
 */
public record ModelCall(String function, String model, String sha256, String device) {}
