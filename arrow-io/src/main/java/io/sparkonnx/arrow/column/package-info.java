/** Columns on the heap: the engine's tensors with Arrow's nesting and Arrow's NULLs. */
package io.sparkonnx.arrow.column;
