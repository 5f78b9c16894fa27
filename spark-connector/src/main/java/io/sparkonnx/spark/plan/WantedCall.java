package io.sparkonnx.spark.plan;

/**
 * A call that is to be made.
 *
 * @param guards of the places where it is wanted
 */
record WantedCall(OnnxPredict call, GuardUnion guards) {
  WantedCall(OnnxPredict call) {
    this(call, new GuardUnion());
  }
}
