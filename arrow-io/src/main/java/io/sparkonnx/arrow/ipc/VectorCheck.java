package io.sparkonnx.arrow.ipc;

import java.util.List;
import java.util.Locale;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;

/**
 * Checks that a loaded vector's values lie inside its buffers: who reads them by address, as Spark
 * does, would else read foreign memory. Types that no reader of ours takes are not looked into.
 */
final class VectorCheck {
  private VectorCheck() {}

  /**
   * @throws IllegalArgumentException if a value lies outside its buffer
   */
  static void check(FieldVector vector, DictionaryProvider dictionaries) {
    int rows = vector.getValueCount();
    checkValidity(vector, rows);
    if (vector.getField().getDictionary() != null) {
      checkIndices(vector, dictionaries);
    }
    if (vector instanceof BaseFixedWidthVector fixed) {
      long bits = vector instanceof BitVector ? rows : 8L * rows * fixed.getTypeWidth();
      require(vector, (bits + 7) / 8 <= vector.getDataBuffer().capacity(), "values");
    } else if (vector instanceof BaseVariableWidthVector) {
      ArrowBuf offsets = vector.getOffsetBuffer();
      checkOffsets(vector, offsets, rows, vector.getDataBuffer().capacity());
    } else if (vector instanceof BaseLargeVariableWidthVector) {
      ArrowBuf offsets = vector.getOffsetBuffer();
      checkLargeOffsets(vector, offsets, rows, vector.getDataBuffer().capacity());
    } else if (vector instanceof BaseVariableWidthViewVector views) {
      checkViews(views, rows);
    } else if (vector instanceof ListVector list) {
      FieldVector elements = list.getDataVector();
      checkOffsets(vector, vector.getOffsetBuffer(), rows, elements.getValueCount());
      check(elements, dictionaries);
    } else if (vector instanceof LargeListVector list) {
      FieldVector elements = list.getDataVector();
      checkLargeOffsets(vector, vector.getOffsetBuffer(), rows, elements.getValueCount());
      check(elements, dictionaries);
    } else if (vector instanceof FixedSizeListVector list) {
      FieldVector elements = list.getDataVector();
      require(vector, (long) rows * list.getListSize() <= elements.getValueCount(), "lists");
      check(elements, dictionaries);
    } else if (vector instanceof StructVector struct) {
      for (FieldVector field : struct.getChildrenFromFields()) {
        require(vector, rows <= field.getValueCount(), "fields");
        check(field, dictionaries);
      }
    }
  }

  private static void checkValidity(FieldVector vector, int rows) {
    boolean checked =
        vector instanceof BaseFixedWidthVector
            || vector instanceof BaseVariableWidthVector
            || vector instanceof BaseLargeVariableWidthVector
            || vector instanceof BaseVariableWidthViewVector
            || vector instanceof ListVector
            || vector instanceof LargeListVector
            || vector instanceof FixedSizeListVector
            || vector instanceof StructVector;
    if (checked) {
      require(vector, (rows + 7L) / 8 <= vector.getValidityBuffer().capacity(), "NULL bits");
    }
  }

  private static void require(FieldVector vector, boolean inside, String what) {
    if (!inside) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "column '%s': its %s are cut off before row %d",
              vector.getName(),
              what,
              vector.getValueCount()));
    }
  }

  private static void checkOffsets(FieldVector vector, ArrowBuf offsets, int rows, long end) {
    if (rows == 0) {
      return;
    }
    require(vector, 4L * (rows + 1L) <= offsets.capacity(), "offsets");
    int last = offsets.getInt(0);
    boolean ascending = last >= 0;
    for (int i = 1; i <= rows && ascending; i++) {
      int next = offsets.getInt(4L * i);
      ascending = next >= last;
      last = next;
    }
    requireAscending(vector, ascending, last, end);
  }

  private static void checkLargeOffsets(FieldVector vector, ArrowBuf offsets, int rows, long end) {
    if (rows == 0) {
      return;
    }
    require(vector, 8L * (rows + 1L) <= offsets.capacity(), "offsets");
    long last = offsets.getLong(0);
    boolean ascending = last >= 0;
    for (int i = 1; i <= rows && ascending; i++) {
      long next = offsets.getLong(8L * i);
      ascending = next >= last;
      last = next;
    }
    requireAscending(vector, ascending, last, end);
  }

  private static void requireAscending(FieldVector vector, boolean ascending, long last, long end) {
    if (!ascending || last > end) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "column '%s': its offsets do not ascend from 0 to at most %d",
              vector.getName(),
              end));
    }
  }

  private static void checkViews(BaseVariableWidthViewVector vector, int rows) {
    ArrowBuf views = vector.getDataBuffer();
    int width = BaseVariableWidthViewVector.ELEMENT_SIZE;
    require(vector, (long) rows * width <= views.capacity(), "views");
    List<ArrowBuf> data = vector.getDataBuffers();
    for (int i = 0; i < rows; i++) {
      if (vector.isNull(i)) {
        continue;
      }
      long view = (long) i * width;
      int length = views.getInt(view);
      boolean inside = length >= 0;
      if (length > BaseVariableWidthViewVector.INLINE_SIZE) {
        int buffer = views.getInt(view + 8);
        int offset = views.getInt(view + 12);
        inside =
            buffer >= 0
                && buffer < data.size()
                && offset >= 0
                && (long) offset + length <= data.get(buffer).capacity();
      }
      if (!inside) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "column '%s', row %d: its value lies outside the data",
                vector.getName(),
                i));
      }
    }
  }

  private static void checkIndices(FieldVector vector, DictionaryProvider dictionaries) {
    Dictionary dictionary = dictionaries.lookup(vector.getField().getDictionary().getId());
    int size = dictionary.getVector().getValueCount();
    BaseIntVector indices = (BaseIntVector) vector;
    BaseFixedWidthVector fixed = (BaseFixedWidthVector) vector;
    require(
        vector,
        (long) vector.getValueCount() * fixed.getTypeWidth() <= vector.getDataBuffer().capacity(),
        "indices");
    for (int i = 0; i < vector.getValueCount(); i++) {
      if (!vector.isNull(i)) {
        long index = indices.getValueAsLong(i);
        if (index < 0 || index >= size) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "column '%s', row %d: index %d, but the dictionary has %d values",
                  vector.getName(),
                  i,
                  index,
                  size));
        }
      }
    }
  }
}
