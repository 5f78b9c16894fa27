package io.sparkonnx.engine;

/** Told of every step that a session ran; for profiles. */
@FunctionalInterface
public interface StepObserver {
  /**
   * @param node name of the node
   * @param operator its ONNX operator
   * @param nanos time it took
   */
  void ran(String node, String operator, long nanos);
}
