package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.MapValue;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import io.sparkonnx.engine.type.ValueType.MapType;
import java.util.List;
import java.util.TreeMap;

/**
 * CastMap: the values of a map from integers as one row [1, K], in ascending order of their keys;
 * or, sparse, each at the position that its key is, the others zero or {@code 0.f}.
 *
 * @param to FLOAT, STRING or INT64; a float loses its fraction as an integer
 * @param length K of the sparse form, which leaves out later keys; −1 for the dense form
 */
record CastMap(ElementType to, int length) implements Operator {

  static CastMap of(Attributes attributes) {
    String cast = attributes.string("cast_to", "TO_FLOAT");
    ElementType to =
        switch (cast) {
          case "TO_FLOAT" -> ElementType.FLOAT;
          case "TO_STRING" -> ElementType.STRING;
          case "TO_INT64" -> ElementType.INT64;
          default ->
              throw attributes.error(
                  "cast_to is '" + cast + "', expected TO_FLOAT, TO_STRING or TO_INT64");
        };
    String form = attributes.string("map_form", "DENSE");
    if (form.equals("DENSE")) {
      return new CastMap(to, -1);
    }
    long length = attributes.integer("max_map", 1);
    if (!form.equals("SPARSE") || length < 1 || length > Integer.MAX_VALUE) {
      throw attributes.error(
          "map_form is '"
              + form
              + "' and max_map "
              + length
              + ", expected DENSE or SPARSE, above 0");
    }
    return new CastMap(to, (int) length);
  }

  @Override
  public String type() {
    return "CastMap";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    boolean integers =
        context.input(0).type() instanceof MapType map && map.key() == ElementType.INT64;
    if (!integers) {
      throw context.error("X is a " + context.input(0).type() + ", expected a map from int64");
    }
    return List.of(
        ValueInfo.of(to, Shape.of(Dim.ONE, length < 0 ? context.fresh() : Dim.of(length))));
  }

  @Override
  public Step prepare(Preparation preparation) {
    return this::run;
  }

  private void run(StepContext context) {
    MapValue map = (MapValue) context.value(0);
    TreeMap<Long, Integer> order = new TreeMap<>();
    for (int i = 0; i < map.keys().size(); i++) {
      order.put(map.keys().longAt(i), i);
    }
    if (length >= 0 && !order.isEmpty() && order.firstKey() < 0) {
      throw context.error("key " + order.firstKey() + " is negative");
    }
    int size = length < 0 ? order.size() : length;
    int[] sources = new int[size];
    java.util.Arrays.fill(sources, KeyIndex.NONE);
    int next = 0;
    for (var entry : order.entrySet()) {
      long at = length < 0 ? next++ : entry.getKey();
      if (at < size) {
        sources[(int) at] = entry.getValue();
      }
    }
    write(context, map.values(), sources);
  }

  private void write(StepContext context, Tensor values, int[] sources) {
    if (to == ElementType.STRING) {
      String[] texts = new String[sources.length];
      for (int i = 0; i < texts.length; i++) {
        texts[i] = sources[i] == KeyIndex.NONE ? "0.f" : text(values, sources[i]);
      }
      context.set(0, Tensor.of(texts, 1, texts.length));
      return;
    }
    Tensor y = context.output(0, 1, sources.length);
    for (int i = 0; i < sources.length; i++) {
      if (to == ElementType.FLOAT) {
        float value = sources[i] == KeyIndex.NONE ? 0 : (float) real(context, values, sources[i]);
        ((float[]) y.array())[y.offset() + i] = value;
      } else {
        long value = sources[i] == KeyIndex.NONE ? 0 : integer(context, values, sources[i]);
        ((long[]) y.array())[y.offset() + i] = value;
      }
    }
  }

  private static String text(Tensor values, int index) {
    return values instanceof StringTensor texts
        ? texts.get(index)
        : String.format(java.util.Locale.ROOT, "%f", values.doubleAt(index));
  }

  private static double real(StepContext context, Tensor values, int index) {
    if (!(values instanceof StringTensor texts)) {
      return values.doubleAt(index);
    }
    try {
      return Float.parseFloat(texts.get(index).trim());
    } catch (NumberFormatException notANumber) {
      throw context.error("'" + texts.get(index) + "' is not a number");
    }
  }

  private static long integer(StepContext context, Tensor values, int index) {
    if (!(values instanceof StringTensor texts)) {
      return (long) values.doubleAt(index);
    }
    try {
      return Long.parseLong(texts.get(index).trim());
    } catch (NumberFormatException notANumber) {
      throw context.error("'" + texts.get(index) + "' is not an integer");
    }
  }
}
