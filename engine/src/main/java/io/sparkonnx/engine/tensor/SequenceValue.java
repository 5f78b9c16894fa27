package io.sparkonnx.engine.tensor;

import java.util.List;

/**
 * An ONNX sequence. Maps that share their keys, as ZipMap makes them, are held as one key tensor
 * [K] and one value tensor [N, K] and become objects only when asked for.
 */
public final class SequenceValue implements OnnxValue {
  private final List<OnnxValue> elements;
  private final Tensor keys;
  private final Tensor values;

  private SequenceValue(List<OnnxValue> elements, Tensor keys, Tensor values) {
    this.elements = elements;
    this.keys = keys;
    this.values = values;
  }

  public static SequenceValue of(List<? extends OnnxValue> elements) {
    return new SequenceValue(List.copyOf(elements), null, null);
  }

  /** N maps over the same keys [K] with values [N, K]. */
  public static SequenceValue ofMaps(Tensor keys, Tensor values) {
    if (values.rank() != 2 || values.dim(1) != keys.size()) {
      throw new IllegalArgumentException(
          "maps need values [N, " + keys.size() + "], not " + values.dimsString());
    }
    return new SequenceValue(null, keys, values);
  }

  /** Whether the elements are maps over the same keys. */
  public boolean isMaps() {
    return keys != null;
  }

  /** The shared keys [K] of {@link #ofMaps}, else null. */
  public Tensor mapKeys() {
    return keys;
  }

  /** The values [N, K] of {@link #ofMaps}, else null. */
  public Tensor mapValues() {
    return values;
  }

  public int size() {
    return isMaps() ? values.dim(0) : elements.size();
  }

  public OnnxValue get(int index) {
    if (!isMaps()) {
      return elements.get(index);
    }
    int k = keys.size();
    return new MapValue(keys, values.view(values.offset() + index * k, k));
  }
}
