package io.sparkonnx.spark.device;

import io.sparkonnx.engine.device.Device;
import io.sparkonnx.spark.model.CompiledModels;

/** The devices of this JVM, which tests replace. No task may be using one. */
public final class TestOpenDevices {
  private TestOpenDevices() {}

  /** Has tasks use this device in place of the one with the same name. */
  public static void use(Device device) throws InterruptedException {
    CompiledModels.dropIdle(model -> true);
    OpenDevices.replace(device.info().id(), device);
  }

  /** Has the next task that asks for a device open it anew. */
  public static void forget(Device device) throws InterruptedException {
    CompiledModels.dropIdle(model -> true);
    OpenDevices.replace(device.info().id(), null);
  }
}
