package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.plan.Plan;
import io.sparkonnx.engine.plan.Slot;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers the outputs of one run over its blocks. Planned results are written in place; everything
 * else is copied out of the workspace block by block and joined at the end.
 */
final class ResultCollector {
  private final Plan plan;
  private final Tensor[] planned;
  private final OnnxValue[][] parts;

  /**
   * @param whole binding of the whole run, all rows
   * @param blocks number of blocks
   */
  ResultCollector(Plan plan, Binding whole, int blocks) {
    this.plan = plan;
    this.planned = new Tensor[plan.outputs().length];
    this.parts = new OnnxValue[planned.length][];
    for (int i = 0; i < planned.length; i++) {
      Slot slot = slot(i);
      parts[i] = new OnnxValue[isRows(i) ? blocks : 1];
      if (slot.place() == Slot.Place.RESULT) {
        planned[i] = Tensor.allocate(slot.info().element(), slot.info().shape().evaluate(whole));
      }
    }
  }

  private Slot slot(int output) {
    return plan.slots().get(plan.outputs()[output]);
  }

  /**
   * Points the results of {@code frame} at their part of the whole.
   *
   * @param from first row of the block
   * @param rows rows of the block
   * @param total rows of the run
   */
  void open(Frame frame, int from, int rows, int total) {
    for (int i = 0; i < planned.length; i++) {
      if (planned[i] != null) {
        frame.values()[slot(i).index()] = part(i, from, rows, total);
      }
    }
  }

  /** What all rows share is the first block's; others, which run beside it, get a place apart. */
  private Tensor part(int output, int from, int rows, int total) {
    Tensor whole = planned[output];
    if (rows == total || (from == 0 && !isRows(output))) {
      return whole;
    }
    return isRows(output)
        ? Rows.slice(whole, from, rows, total)
        : Tensor.allocate(whole.type(), whole.dims());
  }

  /** Takes what a block left in {@code frame}. Blocks may come in any order, from any thread. */
  void close(Frame frame, int block) {
    for (int i = 0; i < planned.length; i++) {
      if (planned[i] == null && block < parts[i].length) {
        parts[i][block] = Rows.copy(frame.values()[slot(i).index()]);
      }
    }
  }

  private boolean isRows(int output) {
    return plan.batching().outputAxes().containsKey(slot(output).name());
  }

  /** All outputs by name. */
  Map<String, OnnxValue> finish() {
    Map<String, OnnxValue> results = new LinkedHashMap<>();
    for (int i = 0; i < planned.length; i++) {
      OnnxValue value = planned[i] != null ? planned[i] : Rows.join(List.of(parts[i]));
      results.put(slot(i).name(), value);
    }
    return results;
  }
}
