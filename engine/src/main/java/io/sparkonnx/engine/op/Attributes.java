package io.sparkonnx.engine.op;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * A node's attributes, read by name and type. Values are Long, Float, String, Tensor, a graph,
 * {@code long[]}, {@code float[]}, {@code List<String>} or {@code List<Tensor>}.
 */
public final class Attributes {
  private final String node;
  private final Map<String, Object> values;
  private final int outputs;

  /**
   * @param node operator and name, for messages
   * @param outputs number of the node's outputs
   */
  public Attributes(String node, Map<String, Object> values, int outputs) {
    this.node = node;
    this.values = Map.copyOf(values);
    this.outputs = outputs;
  }

  /** Number of the node's outputs, which some operators need to know. */
  public int outputs() {
    return outputs;
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  public long integer(String name, long otherwise) {
    return has(name) ? get(name, Long.class) : otherwise;
  }

  public boolean flag(String name, boolean otherwise) {
    return has(name) ? get(name, Long.class) != 0 : otherwise;
  }

  public long integer(String name) {
    return get(name, Long.class);
  }

  public float real(String name, float otherwise) {
    return has(name) ? get(name, Float.class) : otherwise;
  }

  public float real(String name) {
    return get(name, Float.class);
  }

  public String string(String name, String otherwise) {
    return has(name) ? get(name, String.class) : otherwise;
  }

  public String string(String name) {
    return get(name, String.class);
  }

  /** The integers, or null where the attribute is absent. An empty list of any kind is empty. */
  public long[] integers(String name) {
    return has(name) ? list(name, long[].class, new long[0]) : null;
  }

  /** The floats, or null where the attribute is absent. */
  public float[] reals(String name) {
    return has(name) ? list(name, float[].class, new float[0]) : null;
  }

  /** The strings, or null where the attribute is absent. */
  @SuppressWarnings("unchecked")
  public List<String> strings(String name) {
    return has(name) ? (List<String>) list(name, List.class, List.of()) : null;
  }

  /** The tensor, or null where the attribute is absent. */
  public Tensor tensor(String name) {
    return has(name) ? get(name, Tensor.class) : null;
  }

  /** An attribute of a type that only some operators know, e.g. a graph; null where absent. */
  public <T> T get(String name, Class<T> type) {
    Object value = values.get(name);
    if (value == null) {
      throw error("attribute '" + name + "' is missing");
    }
    if (!type.isInstance(value)) {
      throw error(
          "attribute '"
              + name
              + "' is a "
              + value.getClass().getSimpleName()
              + ", expected a "
              + type.getSimpleName());
    }
    return type.cast(value);
  }

  private <T> T list(String name, Class<T> type, T empty) {
    Object value = values.get(name);
    boolean none =
        (value instanceof long[] l && l.length == 0)
            || (value instanceof float[] f && f.length == 0)
            || (value instanceof List<?> v && v.isEmpty());
    return none ? empty : get(name, type);
  }

  /** The attribute as it was read, or null. */
  public Object raw(String name) {
    return values.get(name);
  }

  /** An {@link OnnxException.Code#INVALID_MODEL} that names the node. */
  public OnnxException error(String message) {
    return new OnnxException(OnnxException.Code.INVALID_MODEL, node + ": " + message);
  }
}
