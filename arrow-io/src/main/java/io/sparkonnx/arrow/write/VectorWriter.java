package io.sparkonnx.arrow.write;

import io.sparkonnx.arrow.column.Column;
import io.sparkonnx.arrow.column.Elements;
import io.sparkonnx.arrow.column.FixedLists;
import io.sparkonnx.arrow.column.Lists;
import io.sparkonnx.arrow.column.Maps;
import io.sparkonnx.arrow.column.Structs;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.tensor.ElementType;
import java.util.Locale;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;

/**
 * Copies columns into vectors, one bulk copy per buffer; the vector's old contents are released.
 */
public final class VectorWriter {
  private VectorWriter() {}

  /**
   * A new vector with a column's rows, of the type that {@link Fields} gives.
   *
   * @throws OnnxException if Arrow has no such element type
   */
  public static FieldVector write(String name, Column column, BufferAllocator allocator) {
    FieldVector vector = Fields.of(name, column).createVector(allocator);
    try {
      write(column, vector);
      return vector;
    } catch (RuntimeException | Error e) {
      vector.close();
      throw e;
    }
  }

  /**
   * Replaces a vector's rows by a column's. Strings and binary values fit every width of offsets,
   * lists every kind of list, everything else the vector of its own type.
   *
   * @throws OnnxException if the vector is of another type
   */
  public static void write(Column column, FieldVector vector) {
    boolean written =
        (column instanceof Elements elements && writeElements(elements, vector))
            || (column instanceof FixedLists fixed && writeFixed(fixed, vector))
            || (column instanceof Lists lists && writeLists(lists, vector))
            || (column instanceof Structs structs && writeStruct(structs, vector))
            || (column instanceof Maps maps && writeMap(maps, vector));
    if (!written) {
      throw new OnnxException(
          OnnxException.Code.INVALID_INPUT,
          String.format(
              Locale.ROOT,
              "column '%s': Arrow's %s does not hold %s",
              vector.getName(),
              vector.getField().getType(),
              described(column)));
    }
  }

  private static String described(Column column) {
    if (column instanceof Elements elements) {
      return elements.tensor().type().toString();
    }
    if (column instanceof FixedLists lists) {
      return "lists of " + lists.size();
    }
    return column instanceof Lists ? "lists" : column instanceof Maps ? "maps" : "structs";
  }

  private static boolean writeElements(Elements elements, FieldVector vector) {
    if (elements.tensor().type() == ElementType.STRING) {
      if (vector instanceof VarCharVector || vector instanceof VarBinaryVector) {
        TextWriter.write(elements, vector);
      } else if (vector instanceof LargeVarCharVector || vector instanceof LargeVarBinaryVector) {
        TextWriter.writeLarge(elements, vector);
      } else if (vector instanceof ViewVarCharVector || vector instanceof ViewVarBinaryVector) {
        TextWriter.writeViews(elements, vector);
      } else if (vector instanceof FixedSizeBinaryVector binary) {
        TextWriter.writeFixed(elements, binary);
      } else {
        return false;
      }
      return true;
    }
    if (elements.tensor().type() == ElementType.BOOL) {
      if (vector instanceof BitVector bits) {
        NumberWriter.writeBits(elements, bits);
        return true;
      }
      return false;
    }
    return NumberWriter.write(elements, vector);
  }

  private static boolean writeFixed(FixedLists lists, FieldVector vector) {
    if (vector instanceof FixedSizeListVector fixed && fixed.getListSize() == lists.size()) {
      ListWriter.write(lists, fixed);
      return true;
    }
    if (vector instanceof ListVector || vector instanceof LargeListVector) {
      return writeLists(ListWriter.withOffsets(lists), vector);
    }
    return false;
  }

  private static boolean writeLists(Lists lists, FieldVector vector) {
    if (vector instanceof MapVector) {
      return false;
    }
    if (vector instanceof ListVector list) {
      ListWriter.write(lists, list);
    } else if (vector instanceof LargeListVector list) {
      ListWriter.write(lists, list);
    } else {
      return false;
    }
    return true;
  }

  private static boolean writeStruct(Structs structs, FieldVector vector) {
    if (!(vector instanceof StructVector struct)
        || !structs
            .names()
            .equals(struct.getChildrenFromFields().stream().map(FieldVector::getName).toList())) {
      return false;
    }
    StructWriter.write(structs, struct);
    return true;
  }

  private static boolean writeMap(Maps maps, FieldVector vector) {
    if (vector instanceof MapVector map) {
      StructWriter.write(maps, map);
      return true;
    }
    return false;
  }
}
