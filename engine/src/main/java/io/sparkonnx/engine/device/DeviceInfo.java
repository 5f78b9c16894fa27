package io.sparkonnx.engine.device;

/**
 * What is known of a device without opening it.
 *
 * @param id stable name: {@code pci:DDDD:BB:DD.F}, {@code uuid:…}, or platform, name and number
 * @param name the device's name
 * @param vendor its vendor
 * @param driver version of its driver
 * @param platform name of the OpenCL platform
 * @param kind what it is
 * @param memoryBytes global memory
 * @param maxAllocationBytes largest buffer
 * @param localBytes local memory of a work-group
 * @param computeUnits compute units
 * @param maxWorkGroup largest work-group
 * @param half whether it computes in float16
 * @param twofold whether it computes in float64
 * @param exactFloats whether +, −, ·, fma, / and √ of floats are rounded correctly, with
 *     subnormals, infinities and NaN
 * @param fastFma whether fma of floats is an instruction
 */
public record DeviceInfo(
    String id,
    String name,
    String vendor,
    String driver,
    String platform,
    Kind kind,
    long memoryBytes,
    long maxAllocationBytes,
    long localBytes,
    int computeUnits,
    int maxWorkGroup,
    boolean half,
    boolean twofold,
    boolean exactFloats,
    boolean fastFma) {

  /** Kinds of devices. */
  public enum Kind {
    GPU,
    CPU,
    ACCELERATOR,
    OTHER
  }

  /** Whether results equal the CPU kernels' to the bit. */
  public boolean givesCpuBits() {
    return exactFloats && twofold;
  }
}
