/**
 * Rewrites of graphs into equal but faster ones: the same inputs, outputs and names of outputs, the
 * same values within rounding. One rewrite per file; {@link io.sparkonnx.engine.optimize.Optimizer}
 * lists them all. Graphs inside nodes stay as they are.
 */
package io.sparkonnx.engine.optimize;
