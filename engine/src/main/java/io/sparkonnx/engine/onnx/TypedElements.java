package io.sparkonnx.engine.onnx;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.onnx.proto.TensorProto;
import io.sparkonnx.engine.tensor.ElementType;
import java.util.Locale;

/** The elements of a tensor that a file holds in the list of its type, e.g. {@code float_data}. */
final class TypedElements {
  private final TensorProto proto;
  private final ElementType type;
  private final int count;

  /**
   * @throws OnnxException INVALID_MODEL where the list has another length than the shape asks for
   */
  TypedElements(TensorProto proto, ElementType type, int count, int[] dims, String what) {
    this.proto = proto;
    this.type = type;
    this.count = count;
    int present =
        switch (list()) {
          case FLOAT -> proto.getFloatDataCount();
          case DOUBLE -> proto.getDoubleDataCount();
          case INT32 -> proto.getInt32DataCount();
          case INT64 -> proto.getInt64DataCount();
          case UINT64 -> proto.getUint64DataCount();
        };
    int perItem = type.bits() < 8 ? 8 / type.bits() : 1;
    long needed = ((long) count * type.width() + perItem - 1) / perItem;
    if (present != needed) {
      String name = list().name().toLowerCase(Locale.ROOT) + "_data";
      throw wrongCount(what, present, name, dims, needed);
    }
  }

  private enum ListField {
    FLOAT,
    DOUBLE,
    INT32,
    INT64,
    UINT64
  }

  private ListField list() {
    return switch (type) {
      case FLOAT, COMPLEX64 -> ListField.FLOAT;
      case DOUBLE, COMPLEX128 -> ListField.DOUBLE;
      case INT64 -> ListField.INT64;
      case UINT32, UINT64 -> ListField.UINT64;
      default -> ListField.INT32;
    };
  }

  static OnnxException wrongCount(String what, int present, String list, int[] dims, long needed) {
    return Refusals.invalid(
        String.format(
            Locale.ROOT,
            "%s has %d values in %s but its shape %s needs %d",
            what,
            present,
            list,
            TensorReader.shape(dims),
            needed));
  }

  /** A new array of the type's storage. */
  Object array() {
    Object array = RawElements.newArray(type, count);
    if (array instanceof float[] floats) {
      for (int i = 0; i < floats.length; i++) {
        floats[i] = proto.getFloatData(i);
      }
    } else if (array instanceof double[] doubles) {
      for (int i = 0; i < doubles.length; i++) {
        doubles[i] = proto.getDoubleData(i);
      }
    } else if (array instanceof long[] longs) {
      for (int i = 0; i < longs.length; i++) {
        longs[i] = type == ElementType.INT64 ? proto.getInt64Data(i) : proto.getUint64Data(i);
      }
    } else if (array instanceof int[] ints) {
      for (int i = 0; i < ints.length; i++) {
        ints[i] = type == ElementType.INT32 ? proto.getInt32Data(i) : (int) proto.getUint64Data(i);
      }
    } else if (array instanceof short[] shorts) {
      for (int i = 0; i < shorts.length; i++) {
        shorts[i] = (short) proto.getInt32Data(i);
      }
    } else {
      bytes((byte[]) array);
    }
    return array;
  }

  private void bytes(byte[] array) {
    int bits = type.bits();
    int perItem = bits < 8 ? 8 / bits : 1;
    for (int i = 0; i < array.length; i++) {
      int item = proto.getInt32Data(i / perItem) >> (i % perItem * bits);
      array[i] = bits < 8 ? RawElements.narrow(item, type) : (byte) item;
      if (type == ElementType.BOOL) {
        array[i] = (byte) (item == 0 ? 0 : 1);
      }
    }
  }
}
