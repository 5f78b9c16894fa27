/** Element-wise arithmetic and activations. */
package io.sparkonnx.engine.op.math;
