/** Spark's side of the scheduler: plugin, resources, metrics. */
package io.sparkonnx.gpu.spark;
