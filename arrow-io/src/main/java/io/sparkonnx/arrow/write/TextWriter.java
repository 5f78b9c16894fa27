package io.sparkonnx.arrow.write;

import io.sparkonnx.arrow.column.Elements;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.tensor.StringTensor;
import java.util.Locale;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;

/** Strings and binary values in every form that Arrow has for them. */
final class TextWriter {
  private TextWriter() {}

  static void write(Elements elements, FieldVector target) {
    BaseVariableWidthVector vector = (BaseVariableWidthVector) target;
    StringTensor strings = (StringTensor) elements.tensor();
    int rows = elements.rows();
    int first = first(strings);
    int[] offsets = new int[rows + 1];
    for (int i = 0; i < rows; i++) {
      offsets[i + 1] = strings.end(i) - first;
    }
    vector.clear();
    vector.allocateNew(offsets[rows], rows);
    Bytes.validity(elements.nulls(), vector.getValidityBuffer());
    Bytes.copy(offsets, 0, vector.getOffsetBuffer(), 4, rows + 1);
    Bytes.copy(strings.bytes(), first, vector.getDataBuffer(), 1, offsets[rows]);
    vector.setLastSet(rows - 1);
    vector.setValueCount(rows);
  }

  static void writeLarge(Elements elements, FieldVector target) {
    BaseLargeVariableWidthVector vector = (BaseLargeVariableWidthVector) target;
    StringTensor strings = (StringTensor) elements.tensor();
    int rows = elements.rows();
    int first = first(strings);
    long[] offsets = new long[rows + 1];
    for (int i = 0; i < rows; i++) {
      offsets[i + 1] = strings.end(i) - first;
    }
    vector.clear();
    vector.allocateNew(offsets[rows], rows);
    Bytes.validity(elements.nulls(), vector.getValidityBuffer());
    Bytes.copy(offsets, 0, vector.getOffsetBuffer(), 8, rows + 1);
    Bytes.copy(strings.bytes(), first, vector.getDataBuffer(), 1, (int) offsets[rows]);
    vector.setLastSet(rows - 1);
    vector.setValueCount(rows);
  }

  static void writeViews(Elements elements, FieldVector target) {
    BaseVariableWidthViewVector vector = (BaseVariableWidthViewVector) target;
    StringTensor strings = (StringTensor) elements.tensor();
    vector.clear();
    vector.allocateNew(elements.rows());
    for (int i = 0; i < elements.rows(); i++) {
      if (elements.nulls().contains(i)) {
        vector.setNull(i);
      } else {
        vector.setSafe(i, strings.bytes(), strings.begin(i), strings.end(i) - strings.begin(i));
      }
    }
    vector.setValueCount(elements.rows());
  }

  static void writeFixed(Elements elements, FixedSizeBinaryVector vector) {
    StringTensor strings = (StringTensor) elements.tensor();
    int rows = elements.rows();
    int width = vector.getByteWidth();
    vector.clear();
    vector.allocateNew(rows);
    Bytes.validity(elements.nulls(), vector.getValidityBuffer());
    for (int i = 0; i < rows; i++) {
      if (elements.nulls().contains(i)) {
        continue;
      }
      int length = strings.end(i) - strings.begin(i);
      if (length != width) {
        throw new OnnxException(
            OnnxException.Code.INVALID_VALUE,
            String.format(
                Locale.ROOT,
                "column '%s', row %d: %d bytes, but the column's values have %d",
                vector.getName(),
                i,
                length,
                width));
      }
      vector.getDataBuffer().setBytes((long) i * width, strings.bytes(), strings.begin(i), width);
    }
    vector.setValueCount(rows);
  }

  private static int first(StringTensor strings) {
    return strings.size() == 0 ? 0 : strings.begin(0);
  }
}
