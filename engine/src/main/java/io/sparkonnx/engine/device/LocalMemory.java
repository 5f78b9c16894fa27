package io.sparkonnx.engine.device;

/**
 * An argument of a kernel: memory that the items of a work-group share.
 *
 * @param bytes how much, at least one
 */
public record LocalMemory(long bytes) {}
