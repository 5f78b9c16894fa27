package io.sparkonnx.arrow.read;

import io.sparkonnx.arrow.column.Column;
import io.sparkonnx.arrow.column.Structs;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;

/** Structs: each field by its own reader. */
final class StructReader implements VectorReader {
  private final StructVector vector;
  private final List<String> names;
  private final List<VectorReader> fields;

  StructReader(StructVector vector, DictionaryProvider dictionaries) {
    this.vector = vector;
    List<FieldVector> children = vector.getChildrenFromFields();
    this.names = children.stream().map(FieldVector::getName).toList();
    this.fields = children.stream().map(child -> VectorReader.of(child, dictionaries)).toList();
  }

  @Override
  public Structs read(int from, int rows) {
    List<Column> columns = fields.stream().map(field -> field.read(from, rows)).toList();
    return new Structs(names, columns, Buffers.nulls(vector, from, rows));
  }
}
