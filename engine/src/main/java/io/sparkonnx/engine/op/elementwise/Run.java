package io.sparkonnx.engine.op.elementwise;

/**
 * A part of an array that one call of {@link ArrayArithmetic} works on: element i is {@code
 * array[at + i·step]}.
 *
 * @param <A> the array's type
 */
class Run<A> {
  A array;
  int at;

  /** 1, or 0 where one element stands for all. */
  int step = 1;

  final void set(A newArray, int newAt, int newStep) {
    array = newArray;
    at = newAt;
    step = newStep;
  }
}
