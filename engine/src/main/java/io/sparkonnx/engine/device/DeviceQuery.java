package io.sparkonnx.engine.device;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** Asks OpenCL what a device is. */
final class DeviceQuery {
  private static final int PCI_BUS_INFO_KHR = 0x410F;
  private static final int PCI_BUS_ID_NV = 0x4008;
  private static final int PCI_SLOT_ID_NV = 0x4009;
  private static final int PCI_DOMAIN_ID_NV = 0x400A;
  private static final int TOPOLOGY_AMD = 0x4037;
  private static final int TOPOLOGY_PCIE = 1;
  private static final int UUID_KHR = 0x106A;

  private final cl_device_id device;

  DeviceQuery(cl_device_id device) {
    this.device = device;
  }

  static String platformName(cl_platform_id platform) {
    long[] size = new long[1];
    Status.check(
        CL.clGetPlatformInfo(platform, CL.CL_PLATFORM_NAME, 0, null, size), "platform's name");
    byte[] bytes = new byte[(int) size[0]];
    Status.check(
        CL.clGetPlatformInfo(platform, CL.CL_PLATFORM_NAME, size[0], Pointer.to(bytes), null),
        "platform's name");
    return text(bytes);
  }

  DeviceInfo info(String platform) {
    List<String> extensions = extensions();
    long floats = number(CL.CL_DEVICE_SINGLE_FP_CONFIG);
    long exact =
        CL.CL_FP_DENORM
            | CL.CL_FP_INF_NAN
            | CL.CL_FP_ROUND_TO_NEAREST
            | CL.CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT;
    String name = string(CL.CL_DEVICE_NAME);
    return new DeviceInfo(
        identity(extensions, platform + "/" + name),
        name,
        string(CL.CL_DEVICE_VENDOR),
        string(CL.CL_DRIVER_VERSION),
        platform,
        kind(number(CL.CL_DEVICE_TYPE)),
        number(CL.CL_DEVICE_GLOBAL_MEM_SIZE),
        number(CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE),
        number(CL.CL_DEVICE_LOCAL_MEM_SIZE),
        (int) number(CL.CL_DEVICE_MAX_COMPUTE_UNITS),
        (int) number(CL.CL_DEVICE_MAX_WORK_GROUP_SIZE),
        extensions.contains("cl_khr_fp16"),
        extensions.contains("cl_khr_fp64"),
        (floats & exact) == exact,
        (floats & CL.CL_FP_FMA) != 0);
  }

  List<String> extensions() {
    return List.of(string(CL.CL_DEVICE_EXTENSIONS).split("\\s+"));
  }

  private String identity(List<String> extensions, String otherwise) {
    if (extensions.contains("cl_khr_pci_bus_info")) {
      ByteBuffer bus = bytes(PCI_BUS_INFO_KHR);
      return pci(bus.getInt(0), bus.getInt(4), bus.getInt(8), bus.getInt(12));
    }
    if (extensions.contains("cl_nv_device_attribute_query")) {
      int slot = bytes(PCI_SLOT_ID_NV).getInt(0);
      int domain = bytes(PCI_DOMAIN_ID_NV).getInt(0);
      return pci(domain, bytes(PCI_BUS_ID_NV).getInt(0), slot >> 3, slot & 7);
    }
    if (extensions.contains("cl_amd_device_attribute_query")) {
      ByteBuffer topology = bytes(TOPOLOGY_AMD);
      if (topology.getInt(0) == TOPOLOGY_PCIE) {
        return pci(0, topology.get(21) & 0xFF, topology.get(22), topology.get(23));
      }
    }
    if (extensions.contains("cl_khr_device_uuid")) {
      return "uuid:" + HexFormat.of().formatHex(bytes(UUID_KHR).array());
    }
    return otherwise;
  }

  static String pci(int domain, int bus, int device, int function) {
    return String.format(Locale.ROOT, "pci:%04x:%02x:%02x.%x", domain, bus, device, function);
  }

  private static DeviceInfo.Kind kind(long type) {
    if ((type & CL.CL_DEVICE_TYPE_GPU) != 0) {
      return DeviceInfo.Kind.GPU;
    }
    if ((type & CL.CL_DEVICE_TYPE_CPU) != 0) {
      return DeviceInfo.Kind.CPU;
    }
    return (type & CL.CL_DEVICE_TYPE_ACCELERATOR) != 0
        ? DeviceInfo.Kind.ACCELERATOR
        : DeviceInfo.Kind.OTHER;
  }

  private ByteBuffer bytes(int parameter) {
    String what = "device's property " + Integer.toHexString(parameter);
    long[] size = new long[1];
    Status.check(CL.clGetDeviceInfo(device, parameter, 0, null, size), what);
    byte[] bytes = new byte[(int) size[0]];
    Status.check(CL.clGetDeviceInfo(device, parameter, size[0], Pointer.to(bytes), null), what);
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  /** A property that is an unsigned number of 32 or 64 bits. */
  long number(int parameter) {
    ByteBuffer bytes = bytes(parameter);
    return bytes.capacity() == Integer.BYTES
        ? Integer.toUnsignedLong(bytes.getInt(0))
        : bytes.getLong(0);
  }

  private String string(int parameter) {
    return text(bytes(parameter).array());
  }

  /** Text that ends with a zero byte. */
  private static String text(byte[] bytes) {
    return new String(Arrays.copyOf(bytes, Math.max(0, bytes.length - 1)), UTF_8).trim();
  }
}
