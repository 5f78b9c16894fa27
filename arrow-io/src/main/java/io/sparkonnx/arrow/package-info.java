/**
 * Arrow data as the engine's values and back, without Spark. {@code column} is what a column of
 * Arrow becomes on the heap, {@code read} and {@code write} go there from vectors and back, one
 * bulk copy per buffer, {@code ipc} reads and writes Arrow's files and streams.
 */
package io.sparkonnx.arrow;
