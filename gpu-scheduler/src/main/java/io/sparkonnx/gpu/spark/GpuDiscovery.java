package io.sparkonnx.gpu.spark;

import io.sparkonnx.gpu.FoundDevice;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.resource.ResourceDiscoveryPlugin;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.resource.ResourceRequest;

/**
 * Tells Spark the devices of a machine as the resource {@code gpu}, by name. Named in {@code
 * spark.resources.discoveryPlugin}. Other resources, and machines without devices, are left to
 * Spark's other ways.
 */
public final class GpuDiscovery implements ResourceDiscoveryPlugin {
  @Override
  public Optional<ResourceInformation> discoverResource(ResourceRequest request, SparkConf conf) {
    if (!request.id().resourceName().equals(GpuAddresses.RESOURCE)) {
      return Optional.empty();
    }
    List<FoundDevice> found = DeviceSources.look().found().devices();
    String[] names = found.stream().map(FoundDevice::name).toArray(String[]::new);
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(new ResourceInformation(GpuAddresses.RESOURCE, names));
  }
}
