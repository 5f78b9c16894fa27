/**
 * OpenCL devices: finding, opening, their memory and programs. With {@code kernel.opencl}, which
 * runs on it, the only package that may see JOCL. Nothing native is loaded before {@link
 * io.sparkonnx.engine.device.Devices} is asked.
 */
package io.sparkonnx.engine.device;
