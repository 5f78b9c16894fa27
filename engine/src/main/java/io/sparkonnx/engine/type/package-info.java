/**
 * What is known of a value before it is computed: element type, symbolic shape, and the contents of
 * small integer tensors as polynomials over the model's symbolic dimensions.
 */
package io.sparkonnx.engine.type;
