package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.plan.Plan;
import io.sparkonnx.engine.plan.Slot;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.ArrayList;
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
  private final List<List<OnnxValue>> parts = new ArrayList<>();

  /**
   * @param whole binding of the whole run, all rows
   */
  ResultCollector(Plan plan, Binding whole) {
    this.plan = plan;
    this.planned = new Tensor[plan.outputs().length];
    for (int i = 0; i < planned.length; i++) {
      Slot slot = slot(i);
      parts.add(new ArrayList<>());
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
        boolean split = rows < total && isRows(i);
        frame.values()[slot(i).index()] =
            split ? Rows.slice(planned[i], from, rows, total) : planned[i];
      }
    }
  }

  /** Takes what a block left in {@code frame}. */
  void close(Frame frame) {
    for (int i = 0; i < planned.length; i++) {
      boolean first = parts.get(i).isEmpty();
      if (planned[i] == null && (first || isRows(i))) {
        parts.get(i).add(Rows.copy(frame.values()[slot(i).index()]));
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
      OnnxValue value = planned[i] != null ? planned[i] : Rows.join(parts.get(i));
      results.put(slot(i).name(), value);
    }
    return results;
  }
}
