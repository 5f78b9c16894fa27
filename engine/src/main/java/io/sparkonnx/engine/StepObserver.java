package io.sparkonnx.engine;

/** Told of every step that a session ran; for profiles. */
@FunctionalInterface
public interface StepObserver {
  /**
   * @param node name of the node
   * @param operator its ONNX operator
   * @param onDevice whether it ran on the session's device
   * @param nanos time it took, on a device until the work had ended
   */
  void ran(String node, String operator, boolean onDevice, long nanos);
}
