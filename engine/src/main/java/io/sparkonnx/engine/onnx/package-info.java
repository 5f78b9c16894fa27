/**
 * Model files to graphs, and test data files to values: the only place that sees the wire format.
 *
 * <p>Files are not trusted. {@link io.sparkonnx.engine.onnx.WireScan} walks the bytes first and
 * knows how much memory the messages will take before any of it is allocated; weights stay where
 * they are until {@link io.sparkonnx.engine.onnx.TensorReader} copies each once into its array.
 */
package io.sparkonnx.engine.onnx;
