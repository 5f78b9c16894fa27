package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;

/**
 * Arithmetic over one type of Java array; narrower element types are widened block by block. Steps
 * are 1 (a run) or 0 (one element for all); the result may be written over an operand's run.
 *
 * @param <A> float[], double[] or long[]
 */
public abstract class ArrayArithmetic<A> {
  /** Elements of a block. */
  public static final int BLOCK = 1024;

  ArrayArithmetic() {}

  /** Whether tensors of this type have such arrays, so that nothing needs to be converted. */
  public abstract boolean holds(ElementType type);

  /** An array of {@link #BLOCK} elements; {@code slot} is 0, 1 or 2. */
  public abstract A block(Scratch scratch, int slot);

  /** See {@link Elements}. */
  public abstract void load(Tensor from, int index, int step, A to, int at, int length);

  /** See {@link Elements}. */
  public abstract void store(A from, int at, Tensor to, int index, int length);

  /** y = f(a, b). */
  public abstract void apply(
      Arithmetic f, A a, int aAt, int aStep, A b, int bAt, int bStep, A y, int yAt, int length);

  /** y = 1 where f(a, b) holds, else 0. */
  public abstract void compare(
      Comparison f,
      A a,
      int aAt,
      int aStep,
      A b,
      int bAt,
      int bStep,
      byte[] y,
      int yAt,
      int length);

  /** y = y / count. */
  public abstract void divide(A y, int at, int count, int length);

  /** The array of a tensor that this {@linkplain #holds holds}. */
  @SuppressWarnings("unchecked")
  public final A array(Tensor tensor) {
    return (A) tensor.array();
  }
}
