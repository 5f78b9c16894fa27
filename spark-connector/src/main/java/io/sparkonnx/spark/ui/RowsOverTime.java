package io.sparkonnx.spark.ui;

/**
 * Rows scored in equal stretches of time.
 *
 * @param start of the first stretch, in milliseconds since 1970
 * @param width of a stretch in milliseconds
 * @param rows of each stretch
 */
public record RowsOverTime(long start, long width, double[] rows) {}
