package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.op.DeviceParts;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * From a classifier's raw scores to its two outputs: the winning label of each row, [N], and the
 * scores of all classes, [N, E].
 *
 * <p>The winner is the first class with the greatest raw score. With two classes and a single raw
 * score s the second class wins where s exceeds a threshold, and s stands for both: see {@link
 * SingleScore}.
 *
 * @param labels names of the classes
 * @param single how a single raw score becomes two, or null where there is one for each class
 * @param threshold for a single score
 * @param transform applied to the scores after the winner is known
 * @param unvoted whether a NaN among raw scores stands for a class without votes, whose score is 0
 */
record ClassScores(
    Labels labels, SingleScore single, float threshold, PostTransform transform, boolean unvoted) {

  /** Raw scores of a row. */
  int rawColumns() {
    return single != null ? 1 : labels.size();
  }

  List<ValueInfo> infer(InferenceContext context, Layout layout) {
    Dim rows = Features.rows(context, layout);
    return List.of(
        ValueInfo.of(labels.type(), Shape.of(rows)),
        ValueInfo.of(ElementType.FLOAT, Shape.of(rows, Dim.of(labels.size()))));
  }

  /**
   * Where raw scores go: output 1, or scratch where nobody reads it.
   *
   * @param array with room for [rows, E] from {@code offset}
   * @param offset index of the first raw score
   */
  record Place(float[] array, int offset) {}

  /** Floats of the operator's scratch that {@link #place} takes behind the features. */
  int extra(StepContext context, int rows) {
    return context.wants(1) ? 0 : rows * labels.size();
  }

  /** The place for raw scores, after {@link Features#of} was called with {@link #extra}. */
  Place place(StepContext context, int rows) {
    if (context.wants(1)) {
      FloatTensor output = context.floatOutput(1);
      return new Place(output.array(), output.offset());
    }
    int behind = Features.end(context.input(0));
    return new Place(
        context.scratch().floats(Scratch.OPERATOR, behind + extra(context, rows)), behind);
  }

  /**
   * Writes both outputs.
   *
   * @param place of raw scores [rows, {@link #rawColumns}], which become the final ones; a NaN
   *     never wins over a number
   */
  void finish(StepContext context, Place place, int rows) {
    float[] raw = place.array();
    int at = place.offset();
    if (context.wants(0)) {
      writeWinners(context, raw, at, rows);
    }
    if (context.wants(1)) {
      transform(context.kernels(), raw, at, rows);
    }
  }

  /** Writes the winning labels as output 0. */
  void writeWinners(StepContext context, float[] raw, int at, int rows) {
    int[] winners = context.scratch().ints(rows);
    pick(raw, at, rows, winners);
    labels.write(context, 0, winners, rows);
  }

  /** Names the parts that compute both outputs for a device, given the one of the raw scores. */
  void divide(DeviceParts parts, DeviceParts.Source raw) {
    boolean plain = single == null && transform == PostTransform.NONE;
    String scores = plain && parts.wants(1) ? parts.output(1, raw) : parts.part(raw);
    if (parts.wants(0)) {
      parts.output(0, new DeviceParts.Source(new Winners(this), List.of(scores)));
    }
    if (parts.wants(1) && !plain) {
      FinalScores last = new FinalScores(transform, single);
      parts.output(1, new DeviceParts.Source(last, List.of(scores)));
    }
  }

  private void pick(float[] raw, int at, int rows, int[] winners) {
    if (single != null) {
      for (int row = 0; row < rows; row++) {
        winners[row] = raw[at + row] > threshold ? 1 : 0;
      }
      return;
    }
    int columns = labels.size();
    for (int row = 0; row < rows; row++) {
      int first = at + row * columns;
      int best = 0;
      for (int i = 1; i < columns; i++) {
        boolean better = raw[first + i] > raw[first + best] || Float.isNaN(raw[first + best]);
        best = better && !Float.isNaN(raw[first + i]) ? i : best;
      }
      winners[row] = best;
    }
  }

  private void transform(Kernels kernels, float[] scores, int at, int rows) {
    if (single == null) {
      for (int i = at; unvoted && i < at + rows * labels.size(); i++) {
        scores[i] = Float.isNaN(scores[i]) ? 0 : scores[i];
      }
      transform.apply(kernels, scores, at, rows, labels.size());
      return;
    }
    single.spread(kernels, transform, scores, at, rows);
  }
}
