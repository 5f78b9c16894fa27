/** Comparisons, truth values and bits. */
package io.sparkonnx.engine.op.logic;
