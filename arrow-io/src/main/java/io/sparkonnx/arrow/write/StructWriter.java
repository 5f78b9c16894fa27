package io.sparkonnx.arrow.write;

import io.sparkonnx.arrow.column.Lists;
import io.sparkonnx.arrow.column.Maps;
import io.sparkonnx.arrow.column.RowMask;
import io.sparkonnx.arrow.column.Structs;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;

/** Structs, and maps as lists of structs. */
final class StructWriter {
  private StructWriter() {}

  static void write(Structs structs, StructVector vector) {
    vector.clear();
    vector.setInitialCapacity(structs.rows());
    vector.allocateNew();
    while (vector.getValidityBuffer().capacity() * 8 < structs.rows()) {
      vector.reAlloc();
    }
    Bytes.validity(structs.nulls(), vector.getValidityBuffer());
    List<FieldVector> children = vector.getChildrenFromFields();
    for (int i = 0; i < children.size(); i++) {
      VectorWriter.write(structs.fields().get(i), children.get(i));
    }
    vector.setValueCount(structs.rows());
  }

  static void write(Maps maps, MapVector vector) {
    List<FieldVector> entry = vector.getDataVector().getChildrenFromFields();
    Structs entries =
        new Structs(
            entry.stream().map(FieldVector::getName).toList(),
            List.of(maps.keys(), maps.values()),
            RowMask.none(maps.keys().rows()));
    ListWriter.write(new Lists(maps.offsets(), entries, maps.nulls()), vector);
  }
}
