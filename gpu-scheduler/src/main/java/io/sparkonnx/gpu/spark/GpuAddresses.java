package io.sparkonnx.gpu.spark;

import io.sparkonnx.gpu.FoundDevice;
import io.sparkonnx.gpu.GpuException;
import io.sparkonnx.gpu.GpuException.Code;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/** Spark's addresses of GPUs as devices. */
public final class GpuAddresses {
  /** The name of Spark's resource. */
  public static final String RESOURCE = "gpu";

  private GpuAddresses() {}

  /** The addresses that Spark gave to a task; none where it manages no GPUs, as in local mode. */
  public static List<String> of(TaskContext task) {
    return of(task.resourcesJMap());
  }

  static List<String> of(Map<String, ResourceInformation> resources) {
    ResourceInformation gpus = resources.get(RESOURCE);
    return gpus == null ? List.of() : List.of(gpus.addresses());
  }

  /**
   * The devices that are meant: an address is a device's name or its place, from 0, among those
   * that were found.
   *
   * @return all devices if there are no addresses
   * @throws GpuException UNKNOWN_DEVICE if an address means no device
   */
  static List<FoundDevice> select(List<String> addresses, List<FoundDevice> found) {
    if (addresses.isEmpty()) {
      return found;
    }
    return addresses.stream().map(address -> select(address, found)).distinct().toList();
  }

  private static FoundDevice select(String address, List<FoundDevice> found) {
    for (int i = 0; i < found.size(); i++) {
      if (address.equals(found.get(i).name()) || address.equals(Integer.toString(i))) {
        return found.get(i);
      }
    }
    throw new GpuException(
        Code.UNKNOWN_DEVICE,
        "Spark gave the GPU address '"
            + address
            + "', but the devices are "
            + found.stream().map(FoundDevice::name).toList()
            + " and their numbers from 0");
  }
}
