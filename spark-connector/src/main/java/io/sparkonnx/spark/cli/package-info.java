/**
 * The command line, {@code bin/spark-onnx}: one class per command. Exit status 0, 1 for a failed
 * job or failed cases, 2 for wrong usage or input, and what {@link
 * io.sparkonnx.spark.score.ExitStatus} adds for scoring jobs; an error is one line on standard
 * error with its code.
 */
package io.sparkonnx.spark.cli;
