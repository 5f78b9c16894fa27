/** Operators of linear algebra: products of matrices. */
package io.sparkonnx.engine.op.matrix;
