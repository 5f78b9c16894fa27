/** ONNX models as Spark SQL functions and DataFrame columns. */
package io.sparkonnx.spark;
