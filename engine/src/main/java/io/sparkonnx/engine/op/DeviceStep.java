package io.sparkonnx.engine.op;

import io.sparkonnx.engine.type.Dim;

/** The form of a node that runs on a device. Stateless and shared by all tasks. */
@FunctionalInterface
public interface DeviceStep {
  /** Queues what writes output 0. */
  void run(DeviceContext context);

  /** The most elements of {@link DeviceContext#scratch} that a run asks for at once. */
  default Dim scratch() {
    return Dim.ZERO;
  }

  /** Elements that the step keeps on the device, {@link DeviceContext#kept}. */
  default long keptElements() {
    return 0;
  }

  /** {@code step} that keeps so many elements on the device. */
  static DeviceStep withKept(long elements, DeviceStep step) {
    return new DeviceStep() {
      @Override
      public void run(DeviceContext context) {
        step.run(context);
      }

      @Override
      public long keptElements() {
        return elements;
      }
    };
  }

  /** {@code step} with working memory of so many elements. */
  static DeviceStep withScratch(Dim elements, DeviceStep step) {
    return new DeviceStep() {
      @Override
      public void run(DeviceContext context) {
        step.run(context);
      }

      @Override
      public Dim scratch() {
        return elements;
      }
    };
  }
}
