package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Shapes [N, C, spatial…]. */
final class ImageShape {
  private ImageShape() {}

  /** Checks that a shape has room for N, C and at least {@code spatialAxes} axes. */
  static void require(InferenceContext context, String name, Shape shape, int spatialAxes) {
    if (shape.rank() < 2 + spatialAxes) {
      throw context.error(
          name + " has shape " + shape + ", expected at least " + (2 + spatialAxes) + " axes");
    }
  }

  /** Lengths of the axes behind N and C. */
  static int[] spatial(Tensor tensor) {
    int[] dims = tensor.dims();
    return Arrays.copyOfRange(dims, 2, dims.length);
  }

  /** Lengths of the axes behind N and C, or null where one is not known yet. */
  static int[] spatial(Shape shape) {
    if (!shape.hasRank() || shape.rank() < 2) {
      return null;
    }
    Shape rest = Shape.of(shape.dims().subList(2, shape.rank()));
    return rest.isConstant() ? rest.values() : null;
  }

  /** The axes from {@code first} on. */
  static int[] axesFrom(int first, Shape shape) {
    return shape.hasRank() ? IntStream.range(first, shape.rank()).toArray() : new int[0];
  }
}
