package io.sparkonnx.engine.op;

import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.Collections;
import java.util.List;

/**
 * One node's inputs for {@link Operator#batch}: where the batch is in each, and what is known of
 * inputs and outputs. Rules that many operators share are methods here.
 */
public final class BatchContext {
  private final String node;
  private final String symbol;
  private final List<BatchAxis> axes;
  private final List<ValueInfo> inputs;
  private final List<ValueInfo> outputs;

  /**
   * @param node operator and name, for reasons
   * @param symbol name of the dimension that counts the rows
   * @param axes dependence of each input; {@link BatchAxis#SHARED} for a left-out one
   * @param inputs what is known of each input; null for a left-out one
   * @param outputs what is known of each output
   */
  public BatchContext(
      String node,
      String symbol,
      List<BatchAxis> axes,
      List<ValueInfo> inputs,
      List<ValueInfo> outputs) {
    this.node = node;
    this.symbol = symbol;
    this.axes = axes;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  public int inputs() {
    return inputs.size();
  }

  public BatchAxis axis(int input) {
    return input < axes.size() ? axes.get(input) : BatchAxis.SHARED;
  }

  public ValueInfo input(int input) {
    return inputs.get(input);
  }

  public ValueInfo output(int output) {
    return outputs.get(output);
  }

  /** The same answer for every output. */
  public List<BatchAxis> all(BatchAxis axis) {
    return Collections.nCopies(outputs.size(), axis);
  }

  /** Coupled, with a reason that names the node. */
  public List<BatchAxis> coupled(String reason) {
    return all(BatchAxis.coupled(node + ": " + reason));
  }

  /** Whether every input from {@code first} on is the same for all batches. */
  public boolean sharedFrom(int first) {
    for (int i = first; i < axes.size(); i++) {
      if (!axis(i).isShared()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Element-wise with broadcasting: all inputs that depend on the batch must have it at the same
   * axis, counted from the end, and the others must have length 1 or nothing there.
   */
  public List<BatchAxis> elementwise() {
    int rank = outputs.get(0).shape().hasRank() ? outputs.get(0).shape().rank() : -1;
    boolean size = false;
    int fromEnd = 0;
    for (int i = 0; i < inputs.size(); i++) {
      BatchAxis axis = axis(i);
      if (axis.kind() == BatchAxis.Kind.SIZE) {
        size = true;
      }
      if (axis.isRows()) {
        if (rank < 0) {
          return coupled("a shape of unknown rank");
        }
        int end = inputs.get(i).shape().rank() - axis.axis();
        if (fromEnd != 0 && fromEnd != end) {
          return coupled("inputs have the batch at different axes");
        }
        fromEnd = end;
      }
    }
    if (fromEnd == 0) {
      return all(size ? BatchAxis.SIZE : BatchAxis.SHARED);
    }
    if (size) {
      return coupled("a row is combined with the number of rows");
    }
    Dim rows = outputs.get(0).shape().dim(rank - fromEnd);
    for (int i = 0; i < inputs.size(); i++) {
      ValueInfo info = inputs.get(i);
      if (info == null) {
        continue;
      }
      if (axis(i).isRows()) {
        int at = info.shape().rank() - fromEnd;
        if (!info.shape().dim(at).equals(rows)) {
          return coupled("the batch axis is broadcast");
        }
      } else if (!info.shape().hasRank()) {
        return coupled("a shape of unknown rank");
      } else {
        int at = info.shape().rank() - fromEnd;
        if (at >= 0 && !nonEmpty(info.shape().dim(at)).is(1)) {
          return coupled("a constant has its own element for each row");
        }
      }
    }
    return all(BatchAxis.rows(rank - fromEnd));
  }

  /**
   * Each output keeps input 0's batch axis, which must be none of {@code mixed} (axes along which
   * elements are combined or moved; of input 0). Other inputs must not depend on the batch.
   */
  public List<BatchAxis> keepsAxis(int... mixed) {
    if (!sharedFrom(1)) {
      return coupled("an input beside the first depends on the batch");
    }
    BatchAxis axis = axis(0);
    if (!axis.isRows()) {
      return all(axis);
    }
    for (int i : mixed) {
      if (i == axis.axis()) {
        return coupled("works along the batch axis");
      }
    }
    return all(axis);
  }

  /**
   * Input 0's elements in the same order under another shape: the batch is found again behind an
   * equal product of leading dimensions. Other inputs may hold sizes.
   */
  public List<BatchAxis> reshaped() {
    for (int i = 1; i < inputs.size(); i++) {
      if (axis(i).isRows()) {
        return coupled("the shape depends on the rows' values");
      }
    }
    BatchAxis axis = axis(0);
    if (!axis.isRows()) {
      return all(axis);
    }
    Shape from = inputs.get(0).shape();
    Shape to = outputs.get(0).shape();
    if (!to.hasRank()) {
      return coupled("a shape of unknown rank");
    }
    Dim before = from.product(0, axis.axis());
    Dim rows = Dim.symbol(symbol);
    Dim prefix = Dim.ONE;
    for (int i = 0; i < to.rank(); i++) {
      if (prefix.equals(before) && to.dim(i).dividedExactlyBy(rows) != null && !to.dim(i).is(0)) {
        return all(BatchAxis.rows(i));
      }
      prefix = prefix.times(to.dim(i));
    }
    return coupled("the shape " + to + " does not keep the batch of " + from);
  }

  /** What a length is for every batch that has a row at all. */
  public Dim nonEmpty(Dim dim) {
    return nonEmpty(dim, symbol);
  }

  /** {@code dim} given that {@code rows} is 1 or more, in terms of the rows after the first. */
  public static Dim nonEmpty(Dim dim, String rows) {
    return dim.substitute(name -> rows.equals(name.symbolName()) ? name.plus(1) : name);
  }

  /** The dependence of a value made from sizes alone: rows where a dimension counts them. */
  public BatchAxis bySize(int output) {
    Shape shape = outputs.get(output).shape();
    if (!shape.hasRank()) {
      return BatchAxis.coupled(node + ": a shape of unknown rank");
    }
    int rows = -1;
    for (int i = 0; i < shape.rank(); i++) {
      if (!nonEmpty(shape.dim(i)).symbols().contains(symbol)) {
        continue;
      }
      Dim perRow = shape.dim(i).dividedExactlyBy(Dim.symbol(symbol));
      if (rows >= 0 || perRow == null || perRow.symbols().contains(symbol)) {
        return BatchAxis.coupled(node + ": a size of " + shape.dim(i));
      }
      rows = i;
    }
    return rows < 0 ? BatchAxis.SHARED : BatchAxis.rows(rows);
  }
}
