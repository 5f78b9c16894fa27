package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import java.util.ArrayList;
import java.util.List;

/** Reads small integer tensors: axes, sizes, starts. */
public final class Integers {
  private Integers() {}

  /** All elements. */
  public static long[] of(Tensor tensor) {
    long[] values = new long[tensor.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.longAt(i);
    }
    return values;
  }

  /** Elements of an input where they are known as numbers when shapes are inferred, else null. */
  public static long[] known(InferenceContext context, int input) {
    Tensor constant = context.constant(input);
    return constant != null ? of(constant) : context.constantContents(input);
  }

  /** Elements of an input where they are known, symbolic or not, else null. */
  public static List<Dim> symbolic(InferenceContext context, int input) {
    List<Dim> contents = context.contents(input);
    long[] known = contents == null ? known(context, input) : null;
    return known == null ? contents : dims(known);
  }

  /** Number of elements of a one-dimensional input, or −1 where it is not known. */
  static int count(InferenceContext context, int input) {
    Shape shape = context.shape(input);
    return shape.hasRank() && shape.rank() == 1 && shape.dim(0).isConstant()
        ? (int) shape.dim(0).value()
        : -1;
  }

  static List<Dim> dims(long... values) {
    List<Dim> dims = new ArrayList<>();
    for (long value : values) {
      dims.add(Dim.of(value));
    }
    return dims;
  }

  /** Axes with negative ones counted from the end; error where one is outside or named twice. */
  static int[] axes(InferenceContext context, long[] axes, int rank) {
    int[] result = new int[axes.length];
    boolean[] seen = new boolean[rank];
    for (int i = 0; i < axes.length; i++) {
      result[i] = context.axis(axes[i], rank);
      if (seen[result[i]]) {
        throw context.error("axis " + axes[i] + " is named twice");
      }
      seen[result[i]] = true;
    }
    return result;
  }
}
