package io.sparkonnx.engine.onnx;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;

/**
 * Where a tensor's raw data lies in the file; stands for the data in a skeleton.
 *
 * @param position index of the first byte
 * @param length number of bytes
 */
record RawReference(int position, int length) {
  static byte[] encode(int position, int length) {
    return ByteBuffer.allocate(2 * Integer.BYTES).putInt(position).putInt(length).array();
  }

  static RawReference decode(ByteString encoded) {
    ByteBuffer bytes = encoded.asReadOnlyByteBuffer();
    return new RawReference(bytes.getInt(), bytes.getInt());
  }
}
