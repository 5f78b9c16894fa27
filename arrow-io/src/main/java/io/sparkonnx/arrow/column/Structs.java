package io.sparkonnx.arrow.column;

import java.util.List;
import java.util.Locale;

/**
 * Several named columns side by side.
 *
 * @param names the fields' names, in order
 * @param fields the fields, each with N rows
 * @param nulls the rows that are NULL as a whole
 */
public record Structs(List<String> names, List<Column> fields, RowMask nulls) implements Column {
  /** Copies the lists and checks the fields. */
  public Structs {
    names = List.copyOf(names);
    fields = List.copyOf(fields);
    if (names.size() != fields.size()) {
      throw new IllegalArgumentException(
          names.size() + " names do not name " + fields.size() + " fields");
    }
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).rows() != nulls.rows()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "field '%s' has %d rows, the struct has %d",
                names.get(i),
                fields.get(i).rows(),
                nulls.rows()));
      }
    }
  }

  @Override
  public Structs gather(int[] rows) {
    return new Structs(
        names, fields.stream().map(field -> field.gather(rows)).toList(), nulls.gather(rows));
  }
}
