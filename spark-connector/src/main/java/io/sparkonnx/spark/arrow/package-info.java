/**
 * {@code format("arrow")}: Arrow IPC files as a file format of Spark. Vectors of types that Spark
 * has are read through Spark's own {@code ArrowColumnVector}, the others through the vectors here.
 */
package io.sparkonnx.spark.arrow;
