package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.plan.Plan;
import io.sparkonnx.engine.plan.Slot;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.SequenceValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers the outputs of one run over its blocks. Planned results are written in place. What else
 * has a known size, and maps with common keys, are copied out of the workspace to their rows;
 * everything else is copied block by block and joined at the end.
 */
final class ResultCollector {
  private final Plan plan;
  private final Tensor[] wholes;
  private final OnnxValue[][] parts;

  /**
   * @param whole binding of the whole run, all rows
   * @param blocks number of blocks
   */
  ResultCollector(Plan plan, Binding whole, int blocks) {
    this.plan = plan;
    this.wholes = new Tensor[plan.outputs().length];
    this.parts = new OnnxValue[wholes.length][];
    for (int i = 0; i < wholes.length; i++) {
      Slot slot = slot(i);
      if (isWhole(plan, i)) {
        wholes[i] = Tensor.allocate(slot.info().element(), slot.info().shape().evaluate(whole));
      } else {
        parts[i] = new OnnxValue[isRows(i) ? blocks : 1];
      }
    }
  }

  /** Whether an output gets its array before the run. */
  static boolean isWhole(Plan plan, int output) {
    Slot slot = plan.slots().get(plan.outputs()[output]);
    return slot.place() == Slot.Place.RESULT
        || (SettledShapes.isSized(plan, slot) && isRows(plan, slot));
  }

  private static boolean isRows(Plan plan, Slot slot) {
    return plan.batching().outputAxes().containsKey(slot.name());
  }

  private boolean isRows(int output) {
    return isRows(plan, slot(output));
  }

  private Slot slot(int output) {
    return plan.slots().get(plan.outputs()[output]);
  }

  private boolean isPlanned(int output) {
    return slot(output).place() == Slot.Place.RESULT;
  }

  /**
   * Points the results of {@code frame} at their part of the whole.
   *
   * @param from first row of the block
   * @param rows rows of the block
   * @param total rows of the run
   */
  void open(Frame frame, int from, int rows, int total) {
    for (int i = 0; i < wholes.length; i++) {
      if (isPlanned(i)) {
        frame.values()[slot(i).index()] = part(frame, i, from, rows, total);
      }
    }
  }

  /** What all rows share is the first block's; others, which run beside it, get a place apart. */
  private Tensor part(Frame frame, int output, int from, int rows, int total) {
    Tensor whole = wholes[output];
    if (rows == total || (from == 0 && !isRows(output))) {
      return whole;
    }
    int slot = slot(output).index();
    return isRows(output) ? frame.rows(slot, whole, from, rows, total) : frame.apart(slot, whole);
  }

  /**
   * Takes what a block left in {@code frame}. Blocks may come in any order, from any thread.
   *
   * @param from first row of the block
   * @param rows rows of the block
   * @param total rows of the run
   */
  void close(Frame frame, int block, int from, int rows, int total) {
    for (int i = 0; i < wholes.length; i++) {
      if (isPlanned(i)) {
        continue;
      }
      OnnxValue value = frame.values()[slot(i).index()];
      if (wholes[i] != null) {
        put((Tensor) value, wholes[i], from, total);
      } else if (isRows(i)
          && rows < total
          && value instanceof SequenceValue maps
          && maps.isMaps()) {
        put(maps.mapValues(), maps(i, maps, rows, total).mapValues(), from, total);
      } else if (block < parts[i].length) {
        parts[i][block] = Rows.copy(value);
      }
    }
  }

  private static void put(Tensor part, Tensor whole, int from, int total) {
    int at = total == 0 ? 0 : Rows.offset(whole, from, total);
    int length = part.size() * part.type().width();
    System.arraycopy(part.array(), part.offset(), whole.array(), at, length);
  }

  /** The maps of the whole run, with the keys of one block. */
  private synchronized SequenceValue maps(int output, SequenceValue block, int rows, int total) {
    if (parts[output].length > 1) {
      Tensor values = block.mapValues();
      int[] dims = {values.dim(0) / rows * total, values.dim(1)};
      SequenceValue all =
          SequenceValue.ofMaps(block.mapKeys().copy(), Tensor.allocate(values.type(), dims));
      parts[output] = new OnnxValue[] {all};
    }
    return (SequenceValue) parts[output][0];
  }

  /** All outputs by name. */
  Map<String, OnnxValue> finish() {
    Map<String, OnnxValue> results = new LinkedHashMap<>();
    for (int i = 0; i < wholes.length; i++) {
      OnnxValue value = wholes[i] != null ? wholes[i] : Rows.join(List.of(parts[i]));
      results.put(slot(i).name(), value);
    }
    return results;
  }
}
