package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.FLOATS;

import io.sparkonnx.engine.kernel.PoolKernel;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.Window;
import jdk.incubator.vector.FloatVector;

/**
 * {@link PoolKernel} on the Vector API. Vectors run over outputs of {@link PaddedPlanes}, or of the
 * image itself where {@link HalvedRows} applies; where most numbers there would belong to no
 * output, as in global pooling, {@link WindowPool} goes from output to output.
 */
public final class SimdPool implements PoolKernel {
  /** Elements of padded planes that are worked on at a time, together with as many outputs. */
  private static final int BLOCK_ELEMENTS = 64 * 1024;

  @Override
  public void max(
      Window window,
      int planes,
      int[] spatial,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Scratch scratch) {
    Geometry geometry = Geometries.of(window, spatial, scratch);
    if (planes == 0 || geometry.outputPlane() == 0) {
      return;
    }
    if (window.isHalving()) {
      HalvedRows.planes(planes, spatial[0], spatial[1], x, xOffset, y, yOffset);
    } else if (geometry.walk() != null) {
      WindowPool.max(geometry.walk(), planes, x, xOffset, y, yOffset);
    } else {
      slide(true, geometry, planes, x, xOffset, y, yOffset, scratch);
    }
  }

  @Override
  public void average(
      Window window,
      boolean countIncludePad,
      int planes,
      int[] spatial,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Scratch scratch) {
    Geometry geometry = Geometries.of(window, spatial, scratch);
    if (planes == 0 || geometry.outputPlane() == 0) {
      return;
    }
    if (geometry.walk() != null) {
      WindowPool.sum(geometry.walk(), planes, x, xOffset, y, yOffset);
    } else {
      slide(false, geometry, planes, x, xOffset, y, yOffset, scratch);
    }
    divide(geometry, countIncludePad, planes, y, yOffset, scratch);
  }

  /**
   * Lengths that both ways of pooling need.
   *
   * @param walk goes from output to output; null where vectors over padded planes cost less
   */
  private record Geometry(
      Window window, int[] spatial, int[] output, int taps, WindowPool.Taps walk) {
    static Geometry of(Window window, int[] spatial) {
      int[] output = new int[spatial.length];
      int outputPlane = 1;
      for (int axis = 0; axis < spatial.length; axis++) {
        output[axis] = window.outputLength(axis, spatial[axis]);
        outputPlane = Math.multiplyExact(outputPlane, output[axis]);
      }
      int taps = SimdConvolution.product(window.kernel());
      long padded = outputPlane == 0 ? 0 : PaddedPlanes.elements(window, spatial, output[0]);
      boolean walks = (long) outputPlane * taps < padded * (taps + COUNT) / COUNT;
      int[] lengths = spatial.clone();
      WindowPool.Taps walk = walks ? new WindowPool.Taps(window, lengths, output) : null;
      return new Geometry(window, lengths, output, taps, walk);
    }

    int outputPlane() {
      return SimdConvolution.product(output);
    }

    int inputPlane() {
      return SimdConvolution.product(spatial);
    }
  }

  /** The geometries that a task used lately. */
  private static final class Geometries extends ForSizes<Geometry> {
    static Geometry of(Window window, int[] spatial, Scratch scratch) {
      Geometries all = scratch.kept(Geometries.class, Geometries::new);
      Geometry known = all.find(window, spatial);
      return known == null ? all.add(window, spatial, Geometry.of(window, spatial)) : known;
    }
  }

  private static void slide(
      boolean max,
      Geometry geometry,
      int planes,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Scratch scratch) {
    int first = geometry.output[0];
    long elements = PaddedPlanes.elements(geometry.window, geometry.spatial, first);
    int together = (int) Math.max(1, Math.min(planes, BLOCK_ELEMENTS / elements));
    float padding = max ? Float.NEGATIVE_INFINITY : 0f;
    int[] steps = scratch.ints(geometry.taps);
    for (int plane = 0; plane < planes; plane += together) {
      int count = Math.min(together, planes - plane);
      PaddedPlanes padded =
          PlaneLayouts.of(geometry.window, geometry.spatial, 0, first, count, scratch);
      padded.tapOffsets(1, steps);
      float[] copy = scratch.floats(0, padded.channelStride());
      for (int i = 0; i < count; i++) {
        padded.copy(x, xOffset + (plane + i) * geometry.inputPlane(), i, padding, copy, 0);
      }
      float[] results = scratch.floats(2, padded.count() + COUNT);
      if (max) {
        TapLoops.max(geometry.taps, copy, 0, steps, results, 0, padded.count());
      } else {
        TapLoops.sum(geometry.taps, copy, 0, steps, results, 0, padded.count());
      }
      for (int i = 0; i < count; i++) {
        padded.scatter(results, 0, i, y, yOffset + (plane + i) * geometry.outputPlane());
      }
    }
  }

  /** Divides sums by the number of their taps, which is a product over the axes. */
  private static void divide(
      Geometry geometry,
      boolean countIncludePad,
      int planes,
      float[] y,
      int yOffset,
      Scratch scratch) {
    int last = geometry.output.length - 1;
    int rowLength = geometry.output[last];
    int plane = geometry.outputPlane();
    float[] counts = scratch.floats(1, rowLength);
    for (int j = 0; j < rowLength; j++) {
      counts[j] = taps(geometry, last, j, countIncludePad);
    }
    for (int from = 0; from < plane; from += rowLength) {
      int rest = from / rowLength;
      int outer = 1;
      for (int axis = last - 1; axis >= 0; axis--) {
        outer *= taps(geometry, axis, rest % geometry.output[axis], countIncludePad);
        rest /= geometry.output[axis];
      }
      for (int i = 0; i < planes; i++) {
        divideRow(y, yOffset + i * plane + from, counts, outer, rowLength);
      }
    }
  }

  /** Taps along one axis that count for an output. */
  private static int taps(Geometry geometry, int axis, int output, boolean countIncludePad) {
    Window window = geometry.window;
    int dilation = window.dilation()[axis];
    int start = output * window.stride()[axis] - window.padBegin()[axis];
    int end = geometry.spatial[axis] + (countIncludePad ? window.padEnd()[axis] : 0);
    int first = countIncludePad || start >= 0 ? 0 : (dilation - 1 - start) / dilation;
    int beyond = end <= start ? 0 : (end - start + dilation - 1) / dilation;
    return Math.max(0, Math.min(window.kernel()[axis], beyond) - first);
  }

  private static void divideRow(float[] y, int offset, float[] counts, float outer, int length) {
    int j = 0;
    for (; j + COUNT <= length; j += COUNT) {
      FloatVector count = FloatVector.fromArray(FLOATS, counts, j).mul(outer);
      FloatVector.fromArray(FLOATS, y, offset + j).div(count).intoArray(y, offset + j);
    }
    for (; j < length; j++) {
      y[offset + j] /= counts[j] * outer;
    }
  }
}
