package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;

/**
 * Arithmetic over one type of Java array; narrower element types are widened block by block. A
 * result may be written over an operand's run.
 *
 * @param <A> float[], double[] or long[]
 */
public abstract class ArrayArithmetic<A> {
  /** Elements of a block. */
  public static final int BLOCK = 1024;

  ArrayArithmetic() {}

  /** Whether tensors of this type have such arrays, so that nothing needs to be converted. */
  abstract boolean holds(ElementType type);

  /** Whether operands of {@link #apply} and {@link #compare} may have step 0. */
  boolean takesRepeats() {
    return false;
  }

  /** The most elements of a {@link #block}. */
  int longestBlock() {
    return BLOCK;
  }

  /** An array of at least {@code length} elements; {@code slot} is 0, 1 or 2. */
  abstract A block(Scratch scratch, int slot, int length);

  /** See {@link Elements}. */
  abstract void load(Tensor from, int index, int step, A to, int at, int length);

  /** See {@link Elements}. */
  abstract void store(A from, int at, Tensor to, int index, int length);

  /** y = f(a, b). */
  abstract void apply(Arithmetic f, Run<A> a, Run<A> b, Run<A> y, int length);

  /** y = 1 where f(a, b) holds, else 0. */
  abstract void compare(Comparison f, Run<A> a, Run<A> b, byte[] y, int at, int length);

  /** y = y / count. */
  abstract void divide(Run<A> y, int count, int length);

  /** The array of a tensor that this {@linkplain #holds holds}. */
  @SuppressWarnings("unchecked")
  final A array(Tensor tensor) {
    return (A) tensor.array();
  }
}
