/** Devices: what OpenCL finds, and where the calls of a query run. */
package io.sparkonnx.spark.device;
