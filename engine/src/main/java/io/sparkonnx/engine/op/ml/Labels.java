package io.sparkonnx.engine.op.ml;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;

/** The names of classes, all integers or all strings. */
final class Labels {
  private final long[] integers;
  private final byte[][] strings;

  private Labels(long[] integers, byte[][] strings) {
    this.integers = integers;
    this.strings = strings;
  }

  /** Reads labels from two attributes of which one is given. */
  static Labels of(Attributes attributes, String integerName, String stringName) {
    long[] integers = attributes.integers(integerName);
    List<String> strings = attributes.strings(stringName);
    if (strings != null && !strings.isEmpty()) {
      return new Labels(null, encoded(strings));
    }
    if (integers == null || integers.length == 0) {
      throw attributes.error("neither " + integerName + " nor " + stringName + " is given");
    }
    return new Labels(integers, null);
  }

  private static byte[][] encoded(List<String> strings) {
    return strings.stream().map(text -> text.getBytes(UTF_8)).toArray(byte[][]::new);
  }

  int size() {
    return strings != null ? strings.length : integers.length;
  }

  ElementType type() {
    return strings != null ? ElementType.STRING : ElementType.INT64;
  }

  /** The labels as a tensor [K]. */
  Tensor tensor() {
    if (strings == null) {
      return Tensor.of(integers.clone(), integers.length);
    }
    int[] all = new int[strings.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    return pick(all, all.length);
  }

  /** Writes the labels with the given indices as output [rows]. */
  void write(StepContext context, int output, int[] indices, int rows) {
    if (strings != null) {
      context.set(output, pick(indices, rows));
      return;
    }
    LongTensor y = (LongTensor) context.output(output);
    for (int row = 0; row < rows; row++) {
      y.array()[y.offset() + row] = integers[indices[row]];
    }
  }

  private StringTensor pick(int[] indices, int count) {
    int[] offsets = new int[count + 1];
    for (int i = 0; i < count; i++) {
      offsets[i + 1] = Math.addExact(offsets[i], strings[indices[i]].length);
    }
    byte[] bytes = new byte[offsets[count]];
    for (int i = 0; i < count; i++) {
      byte[] text = strings[indices[i]];
      System.arraycopy(text, 0, bytes, offsets[i], text.length);
    }
    return new StringTensor(bytes, offsets, 0, count);
  }
}
