/**
 * Kernels in plain Java, and the polynomials that the twins in {@code kernel.simd} evaluate in the
 * same order. Only +, −, ·, /, square root, fma, comparisons and bit operations appear in them, so
 * that the interpreter and every compiler give the same bits.
 */
package io.sparkonnx.engine.kernel.scalar;
