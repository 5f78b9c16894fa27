package io.sparkonnx.spark.plan;

import org.apache.spark.sql.catalyst.expressions.Expression;

/**
 * A call that is to be made.
 *
 * @param guards of the places where it is wanted
 */
record WantedCall(OnnxPredict call, GuardUnion guards) {
  WantedCall(OnnxPredict call) {
    this(call, new GuardUnion());
  }

  /** The call on the rows that its guards let through. */
  OnnxPredict onItsRows() {
    Expression condition = guards.condition();
    return condition == null ? call : call.on(condition);
  }
}
