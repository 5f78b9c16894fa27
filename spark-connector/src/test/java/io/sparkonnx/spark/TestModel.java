package io.sparkonnx.spark;

import com.google.protobuf.ByteString;
import io.sparkonnx.engine.onnx.proto.AttributeProto;
import io.sparkonnx.engine.onnx.proto.AttributeProto.AttributeType;
import io.sparkonnx.engine.onnx.proto.GraphProto;
import io.sparkonnx.engine.onnx.proto.ModelProto;
import io.sparkonnx.engine.onnx.proto.NodeProto;
import io.sparkonnx.engine.onnx.proto.OperatorSetIdProto;
import io.sparkonnx.engine.onnx.proto.TensorProto;
import io.sparkonnx.engine.onnx.proto.TensorShapeProto;
import io.sparkonnx.engine.onnx.proto.TypeProto;
import io.sparkonnx.engine.onnx.proto.ValueInfoProto;
import io.sparkonnx.engine.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Builds small model files: symbols and numbers are dimensions, weights are floats. */
public final class TestModel {
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("test");
  private int opset = 13;

  /** The version of ONNX's own operators. */
  TestModel opset(int version) {
    opset = version;
    return this;
  }

  public TestModel input(String name, ElementType type, Object... dims) {
    graph.addInput(value(name, type, dims));
    return this;
  }

  public TestModel output(String name, ElementType type, Object... dims) {
    graph.addOutput(value(name, type, dims));
    return this;
  }

  public TestModel output(String name, TypeProto type) {
    graph.addOutput(ValueInfoProto.newBuilder().setName(name).setType(type));
    return this;
  }

  public TestModel floats(String name, float[] values, int... dims) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(ElementType.FLOAT.code());
    for (int dim : dims) {
      tensor.addDims(dim);
    }
    for (float value : values) {
      tensor.addFloatData(value);
    }
    graph.addInitializer(tensor);
    return this;
  }

  /** Elements in the packing of a file's raw data. */
  TestModel raw(String name, ElementType type, byte[] bytes, int size) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.code())
            .addDims(size)
            .setRawData(ByteString.copyFrom(bytes)));
    return this;
  }

  public TestModel longs(String name, long[] values, int... dims) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(ElementType.INT64.code());
    for (int dim : dims) {
      tensor.addDims(dim);
    }
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    graph.addInitializer(tensor);
    return this;
  }

  /** A node; attributes are name, value, … with ints, floats and lists as values. */
  public TestModel node(
      String type, List<String> inputs, List<String> outputs, Object... attributes) {
    return node("", type, inputs, outputs, attributes);
  }

  TestModel node(
      String domain, String type, List<String> inputs, List<String> outputs, Object... attributes) {
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setDomain(domain)
            .setOpType(type)
            .addAllInput(inputs)
            .addAllOutput(outputs);
    for (int i = 0; i < attributes.length; i += 2) {
      node.addAttribute(attribute((String) attributes[i], attributes[i + 1]));
    }
    graph.addNode(node);
    return this;
  }

  private static AttributeProto attribute(String name, Object value) {
    AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
    if (value instanceof Integer number) {
      return attribute.setType(AttributeType.INT).setI(number).build();
    }
    if (value instanceof Float number) {
      return attribute.setType(AttributeType.FLOAT).setF(number).build();
    }
    for (Object element : (List<?>) value) {
      if (element instanceof String text) {
        attribute.setType(AttributeType.STRINGS).addStrings(ByteString.copyFromUtf8(text));
      } else {
        attribute.setType(AttributeType.INTS).addInts((Integer) element);
      }
    }
    return attribute.build();
  }

  private static ValueInfoProto value(String name, ElementType type, Object... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object dim : dims) {
      TensorShapeProto.Dimension.Builder dimension = shape.addDimBuilder();
      if (dim instanceof Integer size) {
        dimension.setDimValue(size);
      } else {
        dimension.setDimParam((String) dim);
      }
    }
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder().setElemType(type.code()).setShape(shape).build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** The type of ZipMap's output: one map a row. */
  static TypeProto mapsType(ElementType key) {
    TypeProto value =
        TypeProto.newBuilder()
            .setTensorType(
                TypeProto.Tensor.newBuilder()
                    .setElemType(ElementType.FLOAT.code())
                    .setShape(TensorShapeProto.getDefaultInstance()))
            .build();
    TypeProto map =
        TypeProto.newBuilder()
            .setMapType(TypeProto.Map.newBuilder().setKeyType(key.code()).setValueType(value))
            .build();
    return TypeProto.newBuilder()
        .setSequenceType(TypeProto.Sequence.newBuilder().setElemType(map))
        .build();
  }

  byte[] bytes() {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(2))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  /** Writes the model and returns its path as a URI. */
  public String write(Path folder, String name) {
    Path file = folder.resolve(name);
    try {
      Files.write(file, bytes());
    } catch (IOException e) {
      throw new IllegalStateException("cannot write " + file, e);
    }
    return file.toUri().toString();
  }

  /** y [N, 1] = x [N, weights] · weights + bias. */
  public static TestModel linear(float bias, float... weights) {
    return new TestModel()
        .input("x", ElementType.FLOAT, "N", weights.length)
        .floats("w", weights, weights.length, 1)
        .floats("b", new float[] {bias}, 1)
        .node("MatMul", List.of("x", "w"), List.of("h"))
        .node("Add", List.of("h", "b"), List.of("y"))
        .output("y", ElementType.FLOAT, "N", 1);
  }

  /** y [N, 2] = [2a + 3b, a + b] of x [N, 2] = [a, b]. */
  static TestModel pair() {
    return new TestModel()
        .input("x", ElementType.FLOAT, "N", 2)
        .floats("w", new float[] {2, 1, 3, 1}, 2, 2)
        .node("MatMul", List.of("x", "w"), List.of("y"))
        .output("y", ElementType.FLOAT, "N", 2);
  }

  /** z [N] = x [N] - y [N], an order-sensitive function of two inputs. */
  static TestModel difference() {
    return new TestModel()
        .input("x", ElementType.FLOAT, "N")
        .input("y", ElementType.FLOAT, "N")
        .node("Sub", List.of("x", "y"), List.of("z"))
        .output("z", ElementType.FLOAT, "N");
  }

  /** sum and product of a [N] and b [N]. */
  static TestModel twoOutputs() {
    return new TestModel()
        .input("a", ElementType.FLOAT, "N")
        .input("b", ElementType.FLOAT, "N")
        .node("Add", List.of("a", "b"), List.of("sum"))
        .node("Mul", List.of("a", "b"), List.of("product"))
        .output("sum", ElementType.FLOAT, "N")
        .output("product", ElementType.FLOAT, "N");
  }
}
