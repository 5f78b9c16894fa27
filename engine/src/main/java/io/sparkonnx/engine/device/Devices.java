package io.sparkonnx.engine.device;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jocl.CL;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** Finds OpenCL's devices. The first call loads OpenCL; nothing else does. */
public final class Devices {
  /** OpenCL's status for a loader that finds no driver. */
  private static final int NO_PLATFORM = -1001;

  private static final String REMEDY =
      "; install the driver of the device and an OpenCL loader (Debian/Ubuntu:"
          + " ocl-icd-libopencl1; for a CPU device: pocl-opencl-icd)";

  private Devices() {}

  /**
   * What there is.
   *
   * @param devices all devices, in the order in which OpenCL lists them
   * @param problem why there is none, in one line; null where there is one
   */
  public record Found(List<DeviceInfo> devices, String problem) {}

  /** One device as OpenCL sees it. */
  record Handle(DeviceInfo info, cl_platform_id platform, cl_device_id device) {}

  /** Lists devices without opening one. Never fails. */
  public static Found find() {
    return find(Devices::handles);
  }

  static Found find(Supplier<List<Handle>> source) {
    try {
      List<DeviceInfo> devices = source.get().stream().map(Handle::info).toList();
      return devices.isEmpty() ? none("OpenCL lists no device") : new Found(devices, null);
    } catch (LinkageError e) {
      return none("OpenCL cannot be loaded: " + firstLine(e));
    } catch (DeviceException e) {
      return none(
          e.status() == NO_PLATFORM ? "OpenCL finds no driver" : "OpenCL fails: " + firstLine(e));
    }
  }

  private static Found none(String problem) {
    return new Found(List.of(), problem + REMEDY);
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /**
   * Opens a device.
   *
   * @param id its {@link DeviceInfo#id}; its number in {@link #find}; or empty for the first one, a
   *     GPU where there is one
   * @throws DeviceException NOT_AVAILABLE if there is no such device; else what OpenCL says
   */
  public static Device open(String id) {
    return open(id, new Driver());
  }

  static Device open(String id, Driver driver) {
    Found found = find();
    if (found.problem() != null) {
      throw new DeviceException(DeviceException.Code.NOT_AVAILABLE, found.problem());
    }
    List<Handle> handles = handles();
    for (int i = 0; i < handles.size(); i++) {
      DeviceInfo info = handles.get(i).info();
      if (info.id().equals(id) || id.equals(Integer.toString(i))) {
        return new Device(handles.get(i), driver);
      }
    }
    if (!id.isEmpty()) {
      throw new DeviceException(
          DeviceException.Code.NOT_AVAILABLE,
          "there is no device '"
              + id
              + "'; there are "
              + found.devices().stream().map(DeviceInfo::id).toList());
    }
    return new Device(
        handles.stream()
            .filter(handle -> handle.info().kind() == DeviceInfo.Kind.GPU)
            .findFirst()
            .orElse(handles.get(0)),
        driver);
  }

  /** A device that several drivers offer is listed once; a driver that fails hides no other. */
  static List<Handle> handles() {
    Map<String, Handle> handles = new LinkedHashMap<>();
    DeviceException failure = null;
    for (cl_platform_id platform : platforms()) {
      try {
        handles(platform).forEach(handle -> handles.putIfAbsent(handle.info().id(), handle));
      } catch (DeviceException e) {
        failure = e;
      }
    }
    if (handles.isEmpty() && failure != null) {
      throw failure;
    }
    return new ArrayList<>(handles.values());
  }

  private static List<Handle> handles(cl_platform_id platform) {
    String name = DeviceQuery.platformName(platform);
    List<Handle> handles = new ArrayList<>();
    Map<String, Integer> seen = new LinkedHashMap<>();
    for (cl_device_id device : devices(platform)) {
      DeviceInfo info = new DeviceQuery(device).info(name);
      int number = seen.merge(info.id(), 1, Integer::sum);
      String id = number == 1 ? info.id() : info.id() + "#" + number;
      handles.add(new Handle(withId(info, id), platform, device));
    }
    return handles;
  }

  private static DeviceInfo withId(DeviceInfo info, String id) {
    return new DeviceInfo(
        id,
        info.name(),
        info.vendor(),
        info.driver(),
        info.platform(),
        info.kind(),
        info.memoryBytes(),
        info.maxAllocationBytes(),
        info.localBytes(),
        info.computeUnits(),
        info.maxWorkGroup(),
        info.half(),
        info.twofold(),
        info.exactFloats(),
        info.fastFma());
  }

  private static cl_platform_id[] platforms() {
    int[] count = new int[1];
    Status.check(CL.clGetPlatformIDs(0, null, count), "list of platforms");
    cl_platform_id[] platforms = new cl_platform_id[count[0]];
    Status.check(CL.clGetPlatformIDs(platforms.length, platforms, null), "list of platforms");
    return platforms;
  }

  private static cl_device_id[] devices(cl_platform_id platform) {
    int[] count = new int[1];
    int status = CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, 0, null, count);
    if (status == CL.CL_DEVICE_NOT_FOUND) {
      return new cl_device_id[0];
    }
    Status.check(status, "list of devices");
    cl_device_id[] devices = new cl_device_id[count[0]];
    Status.check(
        CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, devices.length, devices, null),
        "list of devices");
    return devices;
  }
}
