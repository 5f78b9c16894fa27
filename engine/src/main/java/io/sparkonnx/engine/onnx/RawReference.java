package io.sparkonnx.engine.onnx;

import com.google.protobuf.ByteString;
import io.sparkonnx.engine.onnx.proto.TensorProto;
import io.sparkonnx.engine.tensor.ElementType.Storage;
import java.nio.ByteBuffer;

/**
 * Where a tensor's data lies in the file; stands for the data in a skeleton.
 *
 * @param field the field of the tensor that holds the data: {@code raw_data}, or a packed list
 *     whose wire form is that of raw data
 * @param position index of the first byte
 * @param length number of bytes
 */
record RawReference(int field, int position, int length) {
  /** Whether the data of a field can be referred to. */
  static boolean canReplace(int field) {
    return switch (field) {
      case TensorProto.RAW_DATA_FIELD_NUMBER,
          TensorProto.FLOAT_DATA_FIELD_NUMBER,
          TensorProto.DOUBLE_DATA_FIELD_NUMBER ->
          true;
      default -> false;
    };
  }

  /** Whether the data is that of a tensor held so; raw data is that of any. */
  boolean holds(Storage storage) {
    return switch (field) {
      case TensorProto.FLOAT_DATA_FIELD_NUMBER -> storage == Storage.FLOAT;
      case TensorProto.DOUBLE_DATA_FIELD_NUMBER -> storage == Storage.DOUBLE;
      default -> true;
    };
  }

  byte[] encode() {
    ByteBuffer bytes = ByteBuffer.allocate(3 * Integer.BYTES);
    return bytes.putInt(field).putInt(position).putInt(length).array();
  }

  static RawReference decode(ByteString encoded) {
    ByteBuffer bytes = encoded.asReadOnlyByteBuffer();
    return new RawReference(bytes.getInt(), bytes.getInt(), bytes.getInt());
  }
}
