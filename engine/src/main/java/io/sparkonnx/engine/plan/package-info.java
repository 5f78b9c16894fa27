/**
 * From a graph to a plan: the order of steps, which values share memory, and how much memory each
 * needs as a polynomial over the model's symbolic dimensions. A plan is immutable and shared by all
 * tasks.
 */
package io.sparkonnx.engine.plan;
