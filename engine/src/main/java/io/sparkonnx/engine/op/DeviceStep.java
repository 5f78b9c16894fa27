package io.sparkonnx.engine.op;

/** The form of a node that runs on a device. Stateless and shared by all tasks. */
@FunctionalInterface
public interface DeviceStep {
  /** Queues what writes output 0. */
  void run(DeviceContext context);
}
