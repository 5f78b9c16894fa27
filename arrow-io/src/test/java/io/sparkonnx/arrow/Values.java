package io.sparkonnx.arrow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.arrow.column.Column;
import io.sparkonnx.arrow.column.Elements;
import io.sparkonnx.arrow.column.FixedLists;
import io.sparkonnx.arrow.column.Lists;
import io.sparkonnx.arrow.column.Maps;
import io.sparkonnx.arrow.column.Structs;
import io.sparkonnx.engine.tensor.ByteTensor;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.IntTensor;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.ShortTensor;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.util.Text;

/** Rows as plain objects, of Arrow's vectors by Arrow's getters and of our columns. */
public final class Values {
  private Values() {}

  public static List<Object> of(FieldVector vector, int from, int rows) {
    List<Object> values = new ArrayList<>();
    for (int i = from; i < from + rows; i++) {
      values.add(plain(vector.getObject(i)));
    }
    return values;
  }

  private static Object plain(Object value) {
    if (value instanceof Text text) {
      return new String(text.copyBytes(), ISO_8859_1);
    }
    if (value instanceof byte[] bytes) {
      return new String(bytes, ISO_8859_1);
    }
    if (value instanceof String string) {
      return new String(string.getBytes(UTF_8), ISO_8859_1);
    }
    if (value instanceof Character unsigned) {
      return (short) unsigned.charValue();
    }
    if (value instanceof List<?> list) {
      List<Object> elements = new ArrayList<>();
      list.forEach(element -> elements.add(plain(element)));
      return elements;
    }
    if (value instanceof Map<?, ?> struct) {
      Map<Object, Object> fields = new LinkedHashMap<>();
      struct.forEach((name, field) -> fields.put(name, plain(field)));
      fields.values().removeIf(field -> field == null);
      return fields;
    }
    return value;
  }

  public static List<Object> of(Column column) {
    return of(column, 0, column.rows());
  }

  private static List<Object> of(Column column, int from, int to) {
    List<Object> values = new ArrayList<>();
    for (int i = from; i < to; i++) {
      values.add(column.nulls().contains(i) ? null : value(column, i));
    }
    return values;
  }

  /** Fails at the first row that differs. */
  public static void assertSame(List<Object> expected, List<Object> result) {
    assertThat(result).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(result.get(i)).as("row %d", i).isEqualTo(expected.get(i));
    }
  }

  private static Object value(Column column, int row) {
    if (column instanceof Elements elements) {
      return element(elements.tensor(), row);
    }
    if (column instanceof FixedLists lists) {
      return of(lists.elements(), row * lists.size(), (row + 1) * lists.size());
    }
    if (column instanceof Lists lists) {
      return of(lists.elements(), lists.offsets()[row], lists.offsets()[row + 1]);
    }
    if (column instanceof Structs structs) {
      Map<Object, Object> fields = new LinkedHashMap<>();
      for (int f = 0; f < structs.fields().size(); f++) {
        Column field = structs.fields().get(f);
        if (!field.nulls().contains(row)) {
          fields.put(structs.names().get(f), value(field, row));
        }
      }
      return fields;
    }
    Maps maps = (Maps) column;
    List<Object> entries = new ArrayList<>();
    for (int e = maps.offsets()[row]; e < maps.offsets()[row + 1]; e++) {
      Map<Object, Object> entry = new LinkedHashMap<>();
      entry.put("key", value(maps.keys(), e));
      if (!maps.values().nulls().contains(e)) {
        entry.put("value", value(maps.values(), e));
      }
      entries.add(entry);
    }
    return entries;
  }

  private static Object element(Tensor tensor, int row) {
    if (tensor instanceof FloatTensor floats) {
      return floats.get(row);
    }
    if (tensor instanceof DoubleTensor doubles) {
      return doubles.get(row);
    }
    if (tensor instanceof IntTensor ints) {
      return ints.get(row);
    }
    if (tensor instanceof LongTensor longs) {
      return longs.get(row);
    }
    if (tensor instanceof ShortTensor shorts) {
      return shorts.get(row);
    }
    if (tensor instanceof ByteTensor bytes) {
      return tensor.type() == ElementType.BOOL ? (Object) (bytes.get(row) != 0) : bytes.get(row);
    }
    StringTensor strings = (StringTensor) tensor;
    return new String(
        strings.bytes(), strings.begin(row), strings.end(row) - strings.begin(row), ISO_8859_1);
  }
}
