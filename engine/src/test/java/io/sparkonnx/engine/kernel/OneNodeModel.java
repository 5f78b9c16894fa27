package io.sparkonnx.engine.kernel;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes small ONNX models for the peer of {@link KernelBenchmark}: a chain of nodes from one float
 * input {@code x} to {@code y}. Field numbers are those of ONNX's schema.
 */
final class OneNodeModel {
  private static final int FLOAT = 1;

  private final ByteArrayOutputStream graph = new ByteArrayOutputStream();

  private interface Body {
    void write(CodedOutputStream out) throws IOException;
  }

  OneNodeModel(int[] inputShape) {
    append(11, valueInfo("x", inputShape));
    append(12, valueInfo("y", null));
    append(2, "graph".getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a node; an attribute is a name, then its integers (one: an INT, more: INTS). */
  OneNodeModel node(String type, String[] inputs, String output, Object... attributes) {
    append(
        1,
        bytes(
            out -> {
              for (String input : inputs) {
                out.writeString(1, input);
              }
              out.writeString(2, output);
              out.writeString(4, type);
              for (int i = 0; i < attributes.length; i += 2) {
                out.writeByteArray(5, attribute((String) attributes[i], attributes[i + 1]));
              }
            }));
    return this;
  }

  OneNodeModel constant(String name, float[] values, int... shape) {
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    append(
        5,
        bytes(
            out -> {
              for (int dim : shape) {
                out.writeInt64(1, dim);
              }
              out.writeInt32(2, FLOAT);
              out.writeString(8, name);
              out.writeBytes(9, ByteString.copyFrom(raw.array()));
            }));
    return this;
  }

  byte[] toBytes() {
    return bytes(
        out -> {
          out.writeInt64(1, 8);
          out.writeByteArray(7, graph.toByteArray());
          out.writeByteArray(8, bytes(opset -> opset.writeInt64(2, 13)));
        });
  }

  private static byte[] attribute(String name, Object value) {
    return bytes(
        out -> {
          out.writeString(1, name);
          if (value instanceof int[] ints) {
            for (int i : ints) {
              out.writeInt64(8, i);
            }
            out.writeInt32(20, 7);
          } else {
            out.writeInt64(3, (Integer) value);
            out.writeInt32(20, 2);
          }
        });
  }

  private static byte[] valueInfo(String name, int[] shape) {
    byte[] dims =
        bytes(
            out -> {
              for (int dim : shape == null ? new int[0] : shape) {
                out.writeByteArray(1, bytes(d -> d.writeInt64(1, dim)));
              }
            });
    byte[] tensor =
        bytes(
            out -> {
              out.writeInt32(1, FLOAT);
              if (shape != null) {
                out.writeByteArray(2, dims);
              }
            });
    byte[] type = bytes(out -> out.writeByteArray(1, tensor));
    return bytes(
        out -> {
          out.writeString(1, name);
          out.writeByteArray(2, type);
        });
  }

  private void append(int field, byte[] message) {
    graph.writeBytes(bytes(out -> out.writeByteArray(field, message)));
  }

  private static byte[] bytes(Body body) {
    try {
      ByteArrayOutputStream stream = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(stream);
      body.write(out);
      out.flush();
      return stream.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
