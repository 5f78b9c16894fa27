package io.sparkonnx.arrow.write;

import io.sparkonnx.arrow.column.Column;
import io.sparkonnx.arrow.column.Elements;
import io.sparkonnx.arrow.column.FixedLists;
import io.sparkonnx.arrow.column.Lists;
import io.sparkonnx.arrow.column.Maps;
import io.sparkonnx.arrow.column.Structs;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.vector.complex.BaseRepeatedValueVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** The Arrow type that a column has by itself. */
public final class Fields {
  private Fields() {}

  /**
   * The field for a column; strings are {@code utf8}.
   *
   * @throws OnnxException if Arrow has no such element type
   */
  public static Field of(String name, Column column) {
    if (column instanceof Elements elements) {
      return nullable(name, type(name, elements.tensor().type()), List.of());
    }
    if (column instanceof FixedLists lists) {
      Field element = of(BaseRepeatedValueVector.DATA_VECTOR_NAME, lists.elements());
      return nullable(name, new ArrowType.FixedSizeList(lists.size()), List.of(element));
    }
    if (column instanceof Lists lists) {
      Field element = of(BaseRepeatedValueVector.DATA_VECTOR_NAME, lists.elements());
      return nullable(name, ArrowType.List.INSTANCE, List.of(element));
    }
    if (column instanceof Structs structs) {
      List<Field> fields = new ArrayList<>();
      for (int i = 0; i < structs.fields().size(); i++) {
        fields.add(of(structs.names().get(i), structs.fields().get(i)));
      }
      return nullable(name, ArrowType.Struct.INSTANCE, fields);
    }
    Maps maps = (Maps) column;
    Field key = of(MapVector.KEY_NAME, maps.keys());
    Field entries =
        new Field(
            MapVector.DATA_VECTOR_NAME,
            FieldType.notNullable(ArrowType.Struct.INSTANCE),
            List.of(
                new Field(key.getName(), FieldType.notNullable(key.getType()), key.getChildren()),
                of(MapVector.VALUE_NAME, maps.values())));
    return nullable(name, new ArrowType.Map(false), List.of(entries));
  }

  private static Field nullable(String name, ArrowType type, List<Field> children) {
    return new Field(name, FieldType.nullable(type), children);
  }

  private static ArrowType type(String name, ElementType type) {
    return switch (type) {
      case FLOAT -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
      case DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
      case FLOAT16 -> new ArrowType.FloatingPoint(FloatingPointPrecision.HALF);
      case BOOL -> ArrowType.Bool.INSTANCE;
      case STRING -> ArrowType.Utf8.INSTANCE;
      case INT8, INT16, INT32, INT64 -> new ArrowType.Int(type.bits(), true);
      case UINT8, UINT16, UINT32, UINT64 -> new ArrowType.Int(type.bits(), false);
      default ->
          throw new OnnxException(
              OnnxException.Code.INVALID_INPUT,
              String.format(
                  Locale.ROOT, "column '%s': Arrow has no type for ONNX's %s", name, type));
    };
  }
}
