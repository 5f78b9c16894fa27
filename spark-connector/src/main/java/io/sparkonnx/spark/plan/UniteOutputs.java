package io.sparkonnx.spark.plan;

import io.sparkonnx.spark.bind.InputSlot;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;

/**
 * Calls on the same rows that differ only in the outputs that they ask for become one call.
 *
 * <pre>
 * Project [onnx_predict(m, a) AS l,         Project [prediction.label AS l, prediction.score AS s]
 *          onnx_predict(m, a, b) AS s]   ⇒  +- OnnxEval [onnx_predict(m, a, b)] [prediction]
 * +- child                                     +- child
 * </pre>
 *
 * A lenient call stays alone, since the rows that are NULL depend on its outputs; so does one whose
 * rows influence each other.
 */
final class UniteOutputs {
  private UniteOutputs() {}

  /** Fewer calls, or the same; each of those given {@link #isPartOf} one of them. */
  static List<OnnxPredict> apply(List<OnnxPredict> calls) {
    List<OnnxPredict> united = new ArrayList<>();
    for (OnnxPredict call : calls) {
      int i = 0;
      while (i < united.size() && !canBeOne(united.get(i), call)) {
        i++;
      }
      if (i == united.size()) {
        united.add(call);
      } else {
        united.set(i, unite(united.get(i), call));
      }
    }
    return united;
  }

  /** Whether a united call is made on a call's rows and has its outputs. */
  static boolean isPartOf(OnnxPredict united, OnnxPredict call) {
    return united == call || (sameRows(united, call) && hasOutputsOf(united, call));
  }

  /**
   * Whether a call, on the rows where it is made, was asked for the outputs of another. A call
   * without the option {@code outputs} computes those that are read, so it was not.
   */
  static boolean wasAskedFor(OnnxPredict made, OnnxPredict call) {
    boolean chosen = !made.call().options().outputs().isEmpty();
    return Calls.same(made, call) || (chosen && hasOutputsOf(made, call));
  }

  private static boolean canBeOne(OnnxPredict a, OnnxPredict b) {
    return sameRows(a, b) && differInOutputsOnly(a, b);
  }

  private static boolean sameRows(OnnxPredict a, OnnxPredict b) {
    return a.condition().isEmpty()
        ? b.condition().isEmpty()
        : b.condition().isDefined() && a.condition().get().semanticEquals(b.condition().get());
  }

  private static boolean hasOutputsOf(OnnxPredict wide, OnnxPredict narrow) {
    return differInOutputsOnly(wide, narrow)
        && wide.call().outputs().containsAll(narrow.call().outputs())
        && narrow.call().inputsBeyond(wide.call()).isEmpty();
  }

  private static boolean differInOutputsOnly(OnnxPredict a, OnnxPredict b) {
    return a.deterministic()
        && b.deterministic()
        && a.call().canRunWith(b.call())
        && a.call().inputs().stream().allMatch(slot -> isFilledAlike(slot, a, b));
  }

  /** Whether an input of one call is filled as in another, or is none of the other's. */
  private static boolean isFilledAlike(InputSlot slot, OnnxPredict call, OnnxPredict other) {
    for (InputSlot same : other.call().inputs()) {
      if (same.input().equals(slot.input())) {
        return same.at(0).equals(slot.at(0))
            && allEqual(argumentsOf(slot, call), argumentsOf(same, other));
      }
    }
    return true;
  }

  private static boolean allEqual(List<Expression> some, List<Expression> others) {
    for (int i = 0; i < some.size(); i++) {
      if (!some.get(i).semanticEquals(others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static List<Expression> argumentsOf(InputSlot slot, OnnxPredict call) {
    return Sequences.list(call.arguments()).subList(slot.first(), slot.first() + slot.arguments());
  }

  private static OnnxPredict unite(OnnxPredict a, OnnxPredict b) {
    if (hasOutputsOf(b, a)) {
      return b;
    }
    if (hasOutputsOf(a, b)) {
      return a;
    }
    List<Expression> arguments = new ArrayList<>(Sequences.list(a.arguments()));
    b.call().inputsBeyond(a.call()).forEach(slot -> arguments.addAll(argumentsOf(slot, b)));
    return new OnnxPredict(a.call().with(b.call()), Sequences.seq(arguments), a.condition());
  }
}
