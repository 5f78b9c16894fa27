/** Operators that make tensors from attributes, shapes or scalars. */
package io.sparkonnx.engine.op.generate;
