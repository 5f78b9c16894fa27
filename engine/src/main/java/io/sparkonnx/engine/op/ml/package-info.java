/** Operators of classical machine learning, domain {@code ai.onnx.ml}. */
package io.sparkonnx.engine.op.ml;
