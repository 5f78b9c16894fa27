/**
 * What the element-wise operators of several families share: broadcast loops over merged axes,
 * arithmetic per type of Java array, and the operator that folds its inputs by a function of two.
 */
package io.sparkonnx.engine.op.elementwise;
