/**
 * Kernels: the hot primitives that operators call on plain arrays.
 *
 * <p>This package holds contracts only. Each has twins: {@code kernel.scalar} in plain Java (the
 * oracle and the fallback) and {@code kernel.simd} on the Vector API. Twins are equal to the bit,
 * because both obey the kernel law: each output element is one expression tree that depends on the
 * model and on the row's own shape, never on batch size, position, block, tail or vector width.
 *
 * <p>A kernel trusts its caller: lengths, offsets and shapes were checked when the plan was built.
 * Kernels keep no state between calls; working memory comes in as {@link
 * io.sparkonnx.engine.kernel.Scratch}.
 */
package io.sparkonnx.engine.kernel;
