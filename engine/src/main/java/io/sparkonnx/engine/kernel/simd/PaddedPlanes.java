package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Tiles.WIDTH;

import io.sparkonnx.engine.kernel.Window;
import java.util.Arrays;

/**
 * A copy of image planes in which a tap of a sliding window is nothing but an offset: tap t of the
 * window for output {@code q} lies at {@code q + tapOffset(t)}, for all outputs of all images, side
 * by side, so that vectors run on through rows and images.
 *
 * <p>Padding is written out. A stride s cuts each axis into s phases, one sub-plane per combination
 * of phases, so that outputs are always neighbours. Outputs are numbered by the sub-planes'
 * geometry; a few numbers at the end of each row belong to no output, and what is computed for them
 * is dropped. The zeros behind a row serve as those before the next one where both are there.
 *
 * <p>The first spatial axis may be cut into slabs of outputs.
 */
final class PaddedPlanes {
  private final Window window;
  private final int rank;
  private final int images;
  private final int firstOutput;

  /** Input lengths, output lengths within the slab, sub-plane lengths and strides, phases. */
  private final int[] input;

  private final int[] output;
  private final int[] length;
  private final int[] stride;
  private final int[] phases;

  /** Input coordinate of the first element of phase 0. */
  private final int[] begin;

  private final int imageLength;
  private final int phaseStride;
  private final int channelStride;

  /** The columns of each phase that are inside the image: first, and beyond the last. */
  private final int[] columnBegins;

  private final int[] columnEnds;

  /** Whether a row of the image is dealt out to two phases in one go. */
  private final boolean splitsRows;

  /** Where each row of the sub-planes of one image lies in the input plane, −1 for padding. */
  private final int[] sourceRows;

  /**
   * Lays out planes for outputs {@code [firstOutput, firstOutput + outputs)} along the first axis.
   */
  PaddedPlanes(Window window, int[] spatial, int firstOutput, int outputs, int images) {
    this.window = window;
    this.images = images;
    this.firstOutput = firstOutput;
    rank = spatial.length;
    input = spatial.clone();
    output = new int[rank];
    length = new int[rank];
    stride = new int[rank];
    phases = new int[rank];
    begin = new int[rank];
    int step = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      int s = window.stride()[axis];
      int first = axis == 0 ? firstOutput : 0;
      output[axis] = axis == 0 ? outputs : window.outputLength(axis, spatial[axis]);
      begin[axis] = first * s - window.padBegin()[axis];
      length[axis] = output[axis] + (window.extent(axis) - 1) / s;
      phases[axis] = usedPhases(window, axis);
      if (axis == rank - 1) {
        length[axis] -= sharedZeros();
      }
      stride[axis] = step;
      step = Math.multiplyExact(step, length[axis]);
    }
    imageLength = step;
    phaseStride = Math.addExact(Math.multiplyExact(images, imageLength), slack());
    channelStride = oddLines(Math.multiplyExact(SimdConvolution.product(phases), phaseStride));
    columnBegins = new int[phases[rank - 1]];
    columnEnds = new int[phases[rank - 1]];
    for (int phase = 0; phase < phases[rank - 1]; phase++) {
      columnBegins[phase] = column(phase, 0);
      columnEnds[phase] = Math.max(columnBegins[phase], column(phase, spatial[rank - 1]));
    }
    splitsRows =
        window.stride()[rank - 1] == 2
            && phases[rank - 1] == 2
            && begin[rank - 1] <= 0
            && columnBegins[0] < columnEnds[0]
            && columnBegins[1] < columnEnds[1];
    sourceRows = sourceRows();
  }

  /** Whether this was made of these arguments. */
  boolean isFor(Window wanted, int[] spatial, int first, int outputs, int number) {
    return window == wanted
        && firstOutput == first
        && output[0] == outputs
        && images == number
        && Arrays.equals(input, spatial);
  }

  /** Elements that one image and channel takes, for choosing how much to lay out at a time. */
  static long elements(Window window, int[] spatial, int outputs) {
    long elements = 1;
    for (int axis = 0; axis < spatial.length; axis++) {
      int out = axis == 0 ? outputs : window.outputLength(axis, spatial[axis]);
      long length = out + (window.extent(axis) - 1) / window.stride()[axis];
      elements *= length * usedPhases(window, axis);
    }
    return elements;
  }

  private static int usedPhases(Window window, int axis) {
    int used = 1;
    for (int tap = 1; tap < window.kernel()[axis]; tap++) {
      used = Math.max(used, tap * window.dilation()[axis] % window.stride()[axis] + 1);
    }
    return used;
  }

  /** Columns of padding at a row's end that may be taken from the beginning of the next row. */
  private int sharedZeros() {
    int axis = rank - 1;
    int shared = length[axis];
    for (int phase = 0; phase < phases[axis]; phase++) {
      shared =
          Math.min(shared, Math.min(column(phase, 0), length[axis] - column(phase, input[axis])));
    }
    return Math.max(0, shared);
  }

  /** Column of a phase where coordinate {@code coordinate} of the image is or would be. */
  private int column(int phase, int coordinate) {
    int axis = rank - 1;
    return clip(-Math.floorDiv(begin[axis] + phase - coordinate, window.stride()[axis]));
  }

  private int clip(int column) {
    return Math.max(0, Math.min(length[rank - 1], column));
  }

  /**
   * What full vectors and the last row's shared zeros may read behind the last image, and a vector
   * that rows written beyond their end may take.
   */
  private int slack() {
    return WIDTH + window.extent(rank - 1) + COUNT;
  }

  /** An odd number of cache lines, so that neighbouring channels fall into different cache sets. */
  private static int oddLines(int elements) {
    return ((elements + 15) / 16 | 1) * 16;
  }

  private int[] sourceRows() {
    int rows = 1;
    for (int axis = 0; axis < rank - 1; axis++) {
      rows *= length[axis] * phases[axis];
    }
    int[] sources = new int[rows];
    for (int row = 0; row < rows; row++) {
      int index = row;
      int phase = row / (imageLength / length[rank - 1]);
      int source = 0;
      int step = input[rank - 1];
      for (int axis = rank - 2; axis >= 0; axis--) {
        int at = begin[axis] + index % length[axis] * window.stride()[axis] + phase % phases[axis];
        index /= length[axis];
        phase /= phases[axis];
        source = source < 0 || at < 0 || at >= input[axis] ? -1 : source + at * step;
        step *= input[axis];
      }
      sources[row] = source;
    }
    return sources;
  }

  int images() {
    return images;
  }

  /** Numbers from one row of outputs to the next. */
  int rowStride() {
    return length[rank - 1];
  }

  /** Numbers from one image to the next. */
  int imageStride() {
    return imageLength;
  }

  /** Elements from one channel to the next. */
  int channelStride() {
    return channelStride;
  }

  /** Numbers of outputs, from the first output of the first image to the last of the last. */
  int count() {
    if (outputRows() == 0 || output[rank - 1] == 0) {
      return 0;
    }
    return (images - 1) * imageLength + rowStart(outputRows() - 1) + output[rank - 1];
  }

  /** Rows of outputs per image: runs that are contiguous in the output too. */
  private int outputRows() {
    int rows = 1;
    for (int axis = 0; axis < rank - 1; axis++) {
      rows *= output[axis];
    }
    return rows;
  }

  /** Number of the first output of a row, within its image. */
  private int rowStart(int row) {
    int start = 0;
    int rest = row;
    for (int axis = rank - 2; axis >= 0; axis--) {
      start += rest % output[axis] * stride[axis];
      rest /= output[axis];
    }
    return start;
  }

  /** Fills {@code steps[c·taps + t]} with the offset of tap t in channel c. */
  void tapOffsets(int channels, int[] steps) {
    int[] kernel = window.kernel();
    int taps = SimdConvolution.product(kernel);
    for (int tap = 0; tap < taps; tap++) {
      int rest = tap;
      int phase = 0;
      int phaseStep = 1;
      int offset = 0;
      for (int axis = rank - 1; axis >= 0; axis--) {
        int distance = rest % kernel[axis] * window.dilation()[axis];
        rest /= kernel[axis];
        phase += distance % window.stride()[axis] * phaseStep;
        phaseStep *= phases[axis];
        offset += distance / window.stride()[axis] * stride[axis];
      }
      for (int channel = 0; channel < channels; channel++) {
        steps[channel * taps + tap] = channel * channelStride + phase * phaseStride + offset;
      }
    }
  }

  /**
   * Copies one image's plane from {@code x[from…]}; {@code to} is where its channel begins. Rows
   * may be written beyond their end, into what is written later: images and channels must be copied
   * in ascending order, images first.
   */
  void copy(float[] x, int from, int image, float padding, float[] planes, int to) {
    int target = to + image * imageLength;
    int rowPhases = sourceRows.length * length[rank - 1] / Math.max(1, imageLength);
    int columnPhases = phases[rank - 1];
    if (rowPhases == 1 && columnPhases == 1 && window.stride()[rank - 1] == 1) {
      int first = from + begin[rank - 1] + columnBegins[0];
      PlaneRows.copyPadded(
          x,
          first,
          sourceRows,
          planes,
          target,
          length[rank - 1],
          columnBegins[0],
          columnEnds[0],
          padding);
    } else {
      copyPhases(x, from, rowPhases, padding, planes, target);
    }
    if (image == images - 1) {
      for (int phase = 0; phase < rowPhases * columnPhases; phase++) {
        int start = target + imageLength + phase * phaseStride;
        PlaneRows.fill(planes, start, start + slack() - COUNT, padding);
      }
    }
  }

  private void copyPhases(
      float[] x, int from, int rowPhases, float padding, float[] planes, int to) {
    int rowLength = length[rank - 1];
    int columnPhases = phases[rank - 1];
    int rowsPerPhase = imageLength / rowLength;
    int target = to;
    for (int row = 0; row < rowsPerPhase; row++) {
      for (int rowPhase = 0; rowPhase < rowPhases; rowPhase++) {
        int source = sourceRows[rowPhase * rowsPerPhase + row];
        int at = target + rowPhase * columnPhases * phaseStride;
        if (source >= 0) {
          copyRow(x, from + source, padding, planes, at);
        } else {
          for (int phase = 0; phase < columnPhases; phase++) {
            int start = at + phase * phaseStride;
            PlaneRows.fill(planes, start, start + rowLength, padding);
          }
        }
      }
      target += rowLength;
    }
  }

  /** Copies one row of the image to all phases of its columns. */
  private void copyRow(float[] x, int source, float padding, float[] planes, int to) {
    int axis = rank - 1;
    int step = window.stride()[axis];
    if (splitsRows) {
      int odd = -begin[axis] & 1;
      int even = to + odd * phaseStride - begin[axis] / 2;
      int other = to + (1 - odd) * phaseStride + (1 - begin[axis]) / 2;
      int count = Math.max(columnEnds[0] - columnBegins[0], columnEnds[1] - columnBegins[1]);
      PlaneRows.split(x, source, planes, even, other, count);
    } else {
      for (int phase = 0; phase < phases[axis]; phase++) {
        int before = columnBegins[phase];
        int first = source + begin[axis] + before * step + phase;
        int count = columnEnds[phase] - before;
        PlaneRows.copy(x, first, step, planes, to + phase * phaseStride + before, count);
      }
    }
    for (int phase = 0; phase < phases[axis]; phase++) {
      int start = to + phase * phaseStride;
      for (int i = 0; i < columnBegins[phase]; i++) {
        planes[start + i] = padding;
      }
      for (int i = columnEnds[phase]; i < length[axis]; i++) {
        planes[start + i] = padding;
      }
    }
  }

  /** Copies what was computed for the outputs of one image to where they belong. */
  void scatter(float[] values, int from, int image, float[] y, int to) {
    int source = from + image * imageLength;
    int rows = outputRows();
    int rowLength = output[rank - 1];
    if (rank <= 2) {
      PlaneRows.copyRows(rows, rowLength, values, source, length[rank - 1], y, to);
      return;
    }
    int sameRows = output[rank - 2];
    for (int row = 0; row < rows; row += sameRows) {
      int start = source + rowStart(row);
      PlaneRows.copyRows(
          sameRows, rowLength, values, start, length[rank - 1], y, to + row * rowLength);
    }
  }
}
