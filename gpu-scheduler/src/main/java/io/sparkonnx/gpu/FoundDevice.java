package io.sparkonnx.gpu;

/**
 * A device that could be opened.
 *
 * @param name its stable name, e.g. {@code pci:0000:65:00.0}
 * @param description what people call it
 * @param memoryBytes its memory
 */
public record FoundDevice(String name, String description, long memoryBytes) {}
