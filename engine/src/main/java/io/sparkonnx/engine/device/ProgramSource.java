package io.sparkonnx.engine.device;

/**
 * A program in OpenCL C.
 *
 * @param name the name under which a device keeps the built program
 * @param text its source
 */
public record ProgramSource(String name, String text) {}
