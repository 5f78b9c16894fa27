/** Operators of neural networks on images and sequences: convolution, pooling, normalisation. */
package io.sparkonnx.engine.op.nn;
