/** Reductions, positions of extremes, softmax and its kin. */
package io.sparkonnx.engine.op.reduce;
