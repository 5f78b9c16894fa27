/**
 * Kernels on OpenCL devices: {@code .cl} resources and the Java that queues them. They compute the
 * expression trees of {@code kernel.scalar}, so that a device whose {@link
 * io.sparkonnx.engine.device.DeviceInfo#givesCpuBits} holds gives the same bits. A class per family
 * of kernels; a kernel is added in a resource of {@link
 * io.sparkonnx.engine.kernel.opencl.KernelSource} and as a method of its family.
 */
package io.sparkonnx.engine.kernel.opencl;
