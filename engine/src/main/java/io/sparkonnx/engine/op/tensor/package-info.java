/**
 * Operators that move elements or deal with shapes. Movements are written once for all element
 * types: strings move as indices, complex numbers as pairs.
 */
package io.sparkonnx.engine.op.tensor;
