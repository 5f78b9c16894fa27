package io.sparkonnx.engine.onnx;

import com.google.protobuf.ByteString;
import io.sparkonnx.engine.onnx.proto.TensorProto;
import io.sparkonnx.engine.tensor.ByteTensor;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.IntTensor;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.ShortTensor;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tensors in the form of files: raw little-endian data, or string data. */
public final class TensorProtos {
  private TensorProtos() {}

  public static TensorProto of(String name, Tensor tensor) {
    TensorProto.Builder proto = TensorProto.newBuilder().setDataType(tensor.type().code());
    if (!name.isEmpty()) {
      proto.setName(name);
    }
    for (int dim : tensor.dims()) {
      proto.addDims(dim);
    }
    if (tensor instanceof StringTensor strings) {
      for (String element : strings.toArray()) {
        proto.addStringData(ByteString.copyFromUtf8(element));
      }
      return proto.build();
    }
    return proto.setRawData(ByteString.copyFrom(raw(tensor))).build();
  }

  /** The elements as a file holds them; types below eight bits are packed, low bits first. */
  public static byte[] raw(Tensor tensor) {
    int bits = tensor.type().bits();
    int count = tensor.size();
    ByteBuffer bytes =
        ByteBuffer.allocate((int) (((long) count * bits + 7) / 8)).order(ByteOrder.LITTLE_ENDIAN);
    if (tensor instanceof FloatTensor floats) {
      bytes.asFloatBuffer().put(floats.toArray());
    } else if (tensor instanceof DoubleTensor doubles) {
      bytes.asDoubleBuffer().put(doubles.toArray());
    } else if (tensor instanceof IntTensor ints) {
      bytes.asIntBuffer().put(ints.toArray());
    } else if (tensor instanceof LongTensor longs) {
      bytes.asLongBuffer().put(longs.toArray());
    } else if (tensor instanceof ShortTensor shorts) {
      bytes.asShortBuffer().put(shorts.toArray());
    } else if (tensor instanceof ByteTensor narrow) {
      int perByte = 8 / bits;
      int mask = (1 << bits) - 1;
      for (int i = 0; i < count; i++) {
        int at = i / perByte;
        int shifted = (narrow.get(i) & mask) << (i % perByte * bits);
        bytes.put(at, (byte) (bytes.get(at) | shifted));
      }
    } else {
      throw new IllegalArgumentException(tensor + " has no raw form");
    }
    return bytes.array();
  }
}
