package io.sparkonnx.engine.onnx;

import com.google.protobuf.ByteString;
import io.sparkonnx.engine.onnx.proto.SparseTensorProto;
import io.sparkonnx.engine.onnx.proto.TensorProto;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Tensors of a file, in each form that the format has: raw data, typed lists, strings, external
 * data. Sizes are checked against the shape before anything is allocated.
 */
final class TensorReader {
  /** Pieces of external data of this size are copied at a time. */
  private static final long PIECE_BYTES = 1L << 26;

  /** What a tensor takes on the heap besides its elements. */
  private static final int TENSOR_BYTES = 150;

  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private final ByteBuffer file;
  private final ExternalData external;
  private final Budget budget;
  private final long pieceBytes;

  /**
   * @param file the whole file, to which raw data refers
   */
  TensorReader(ByteBuffer file, ExternalData external, Budget budget) {
    this(file, external, budget, PIECE_BYTES);
  }

  /**
   * @param pieceBytes how much external data is copied at a time; a multiple of 16
   */
  TensorReader(ByteBuffer file, ExternalData external, Budget budget, long pieceBytes) {
    this.file = file;
    this.pieceBytes = pieceBytes;
    this.external = external;
    this.budget = budget;
  }

  /**
   * @param what the tensor for messages, e.g. {@code initializer 'w'}
   * @throws io.sparkonnx.engine.OnnxException INVALID_MODEL where it contradicts itself
   */
  Tensor read(TensorProto proto, String what) {
    ElementType type = elementType(proto.getDataType(), what);
    int[] dims = dims(proto.getDimsList(), what);
    int count = count(dims, type, what);
    if (proto.hasSegment()) {
      throw Refusals.invalid(what + " is split into segments, which no reader supports");
    }
    boolean isExternal = proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
    if (type == ElementType.STRING) {
      if (isExternal) {
        throw Refusals.invalid(what + " is of strings, which cannot be external data");
      }
      return strings(proto, dims, count, what);
    }
    if (isExternal) {
      return external(proto, type, dims, count, what);
    }
    RawReference raw = proto.hasRawData() ? RawReference.decode(proto.getRawData()) : null;
    if (raw == null || !raw.holds(type.storage())) {
      TypedElements elements = new TypedElements(proto, type, count, dims, what);
      budget.chargeHeap(heapBytes(type, count), what);
      return Tensor.wrap(type, elements.array(), 0, dims);
    }
    checkBytes(raw.length(), type, dims, count, what);
    budget.chargeHeap(heapBytes(type, count), what);
    Object array = RawElements.newArray(type, count);
    ByteBuffer bytes = file.slice(raw.position(), raw.length());
    RawElements.copy(bytes, type, array, 0, count);
    return Tensor.wrap(type, array, 0, dims);
  }

  private Tensor external(TensorProto proto, ElementType type, int[] dims, int count, String what) {
    ExternalData.Part part = external.open(proto.getExternalDataList(), what);
    long needed = RawElements.bytes(type, count);
    long length = part.length() < 0 ? Math.min(needed, part.available()) : part.length();
    checkBytes(length, type, dims, count, what);
    budget.chargeFile(needed, what);
    budget.chargeHeap(heapBytes(type, count), what);
    Object array = RawElements.newArray(type, count);
    long perPiece = pieceBytes * 8 / type.bits() * type.width();
    for (long at = 0; at < needed; at += pieceBytes) {
      ByteBuffer piece = part.piece(at, (int) Math.min(pieceBytes, needed - at));
      RawElements.copy(piece, type, array, (int) (at / pieceBytes * perPiece), count);
    }
    return Tensor.wrap(type, array, 0, dims);
  }

  private Tensor strings(TensorProto proto, int[] dims, int count, String what) {
    List<ByteString> data = proto.getStringDataList();
    if (proto.hasRawData() && data.isEmpty() && count > 0) {
      throw Refusals.invalid(what + " is of strings but has raw data");
    }
    if (data.size() != count) {
      throw TypedElements.wrongCount(what, data.size(), "string_data", dims, count);
    }
    long total = 0;
    for (ByteString element : data) {
      total += element.size();
    }
    if (total > MAX_ARRAY) {
      throw Refusals.limit(what + " has more than 2 GB of text");
    }
    budget.chargeHeap(TENSOR_BYTES + total + 4L * count, what);
    byte[] bytes = new byte[(int) total];
    int[] offsets = new int[count + 1];
    for (int i = 0; i < count; i++) {
      data.get(i).copyTo(bytes, offsets[i]);
      offsets[i + 1] = offsets[i] + data.get(i).size();
    }
    return new StringTensor(bytes, offsets, 0, dims);
  }

  static ElementType elementType(int code, String what) {
    ElementType type = ElementType.ofCode(code);
    if (type == null) {
      throw Refusals.invalid(what + " has the element type " + code + ", which is not known");
    }
    return type;
  }

  static int[] dims(List<Long> dims, String what) {
    int[] sizes = new int[dims.size()];
    for (int i = 0; i < sizes.length; i++) {
      long dim = dims.get(i);
      if (dim < 0) {
        throw Refusals.invalid(what + " has a negative dimension in its shape " + shape(dims));
      }
      if (dim > Integer.MAX_VALUE) {
        throw tooLarge(what, shape(dims));
      }
      sizes[i] = (int) dim;
    }
    return sizes;
  }

  /** Number of elements, at most as many as an array can hold. */
  static int count(int[] dims, ElementType type, String what) {
    long count = 1;
    for (int dim : dims) {
      if (dim == 0) {
        return 0;
      }
    }
    for (int dim : dims) {
      count *= dim;
      if (count * type.width() > MAX_ARRAY) {
        throw tooLarge(what, shape(dims));
      }
    }
    return (int) count;
  }

  private static RuntimeException tooLarge(String what, String shape) {
    return Refusals.invalid(
        what + " has the shape " + shape + ", more elements than an array can hold");
  }

  static String shape(List<Long> dims) {
    return dims.size() <= 16 ? dims.toString() : "of " + dims.size() + " dimensions";
  }

  static String shape(int[] dims) {
    return dims.length <= 16 ? Arrays.toString(dims) : "of " + dims.length + " dimensions";
  }

  static long heapBytes(ElementType type, long count) {
    return TENSOR_BYTES + count * type.width() * type.storage().bytes();
  }

  /**
   * A sparse tensor made dense.
   *
   * @param what the tensor for messages
   */
  Tensor sparse(SparseTensorProto proto, String what) {
    Tensor values = read(proto.getValues(), "values of " + what);
    Tensor indices = read(proto.getIndices(), "indices of " + what);
    int[] dims = dims(proto.getDimsList(), what);
    long bytes = heapBytes(values.type(), count(dims, values.type(), what));
    budget.chargeExpansion(bytes, what);
    return SparseTensors.dense(values, indices, dims, what);
  }

  private static void checkBytes(long bytes, ElementType type, int[] dims, int count, String what) {
    long needed = RawElements.bytes(type, count);
    if (bytes != needed) {
      throw Refusals.invalid(
          String.format(
              Locale.ROOT,
              "%s has %d bytes but its shape %s of %s needs %d",
              what,
              bytes,
              shape(dims),
              type,
              needed));
    }
  }
}
