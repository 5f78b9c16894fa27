package io.sparkonnx.engine.onnx;

import com.google.protobuf.ByteString;
import io.sparkonnx.engine.onnx.proto.AttributeProto;
import io.sparkonnx.engine.onnx.proto.AttributeProto.AttributeType;
import io.sparkonnx.engine.onnx.proto.FunctionProto;
import io.sparkonnx.engine.onnx.proto.GraphProto;
import io.sparkonnx.engine.onnx.proto.ModelProto;
import io.sparkonnx.engine.onnx.proto.NodeProto;
import io.sparkonnx.engine.onnx.proto.OperatorSetIdProto;
import io.sparkonnx.engine.onnx.proto.TensorShapeProto;
import io.sparkonnx.engine.onnx.proto.TypeProto;
import io.sparkonnx.engine.onnx.proto.ValueInfoProto;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.function.Consumer;

/**
 * Builds the bytes of small model files:
 *
 * <pre>{@code
 * byte[] bytes =
 *     ModelBuilder.opset(13)
 *         .input("x", ElementType.FLOAT, "N", 3)
 *         .initializer("w", Tensor.of(new float[6], 3, 2))
 *         .node("MatMul", List.of("x", "w"), List.of("h"))
 *         .node("LeakyRelu", List.of("h"), List.of("y"), "alpha", 0.1f).named("act")
 *         .output("y", ElementType.FLOAT, "N", 2)
 *         .bytes();
 * }</pre>
 *
 * A dimension is an Integer, a symbol's name, or null where it is unknown. Attributes come as name,
 * value, name, value…; a value is an Integer, Long, Float, String, Tensor, ModelBuilder (its
 * graph), TypeProto, int[], long[], float[], String[], Tensor[], ModelBuilder[] or AttributeProto.
 */
public final class ModelBuilder {
  private final ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8);
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("g");

  private ModelBuilder() {}

  /** A model that imports a version of the standard domain. */
  public static ModelBuilder opset(int version) {
    return graph().opset("", version);
  }

  /** A graph for the attributes of If, Loop and Scan. */
  public static ModelBuilder graph() {
    return new ModelBuilder();
  }

  public ModelBuilder opset(String domain, long version) {
    model.addOpsetImport(opsetImport(domain, version));
    return this;
  }

  public static OperatorSetIdProto opsetImport(String domain, long version) {
    return OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version).build();
  }

  public ModelBuilder irVersion(long version) {
    model.setIrVersion(version);
    return this;
  }

  public ModelBuilder input(String name, ElementType type, Object... dims) {
    graph.addInput(value(name, tensorType(type, dims)));
    return this;
  }

  public ModelBuilder input(String name, TypeProto type) {
    graph.addInput(value(name, type));
    return this;
  }

  public ModelBuilder output(String name, ElementType type, Object... dims) {
    graph.addOutput(value(name, tensorType(type, dims)));
    return this;
  }

  /** An output without a declared type. */
  public ModelBuilder output(String name) {
    graph.addOutput(ValueInfoProto.newBuilder().setName(name));
    return this;
  }

  public ModelBuilder initializer(String name, Tensor value) {
    graph.addInitializer(TensorProtos.of(name, value));
    return this;
  }

  /** A node of the standard domain. */
  public ModelBuilder node(
      String type, List<String> inputs, List<String> outputs, Object... attributes) {
    return node("", type, inputs, outputs, attributes);
  }

  public ModelBuilder node(
      String domain, String type, List<String> inputs, List<String> outputs, Object... attributes) {
    graph.addNode(nodeProto(domain, type, inputs, outputs, attributes));
    return this;
  }

  public static NodeProto nodeProto(
      String domain, String type, List<String> inputs, List<String> outputs, Object... attributes) {
    NodeProto.Builder node =
        NodeProto.newBuilder().setOpType(type).addAllInput(inputs).addAllOutput(outputs);
    if (!domain.isEmpty()) {
      node.setDomain(domain);
    }
    for (int i = 0; i < attributes.length; i += 2) {
      node.addAttribute(attribute((String) attributes[i], attributes[i + 1]));
    }
    return node.build();
  }

  /** Names the node that was added last. */
  public ModelBuilder named(String name) {
    graph.getNodeBuilder(graph.getNodeCount() - 1).setName(name);
    return this;
  }

  public ModelBuilder function(FunctionProto function) {
    model.addFunctions(function);
    return this;
  }

  /** Changes what has been built so far in ways that have no method here. */
  public ModelBuilder edit(Consumer<ModelProto.Builder> change) {
    model.setGraph(graph);
    change.accept(model);
    graph.clear().mergeFrom(model.getGraph());
    return this;
  }

  public GraphProto graphProto() {
    return graph.build();
  }

  public ModelProto proto() {
    return model.setGraph(graph).build();
  }

  /** The model file. */
  public byte[] bytes() {
    return proto().toByteArray();
  }

  private static ValueInfoProto value(String name, TypeProto type) {
    return ValueInfoProto.newBuilder().setName(name).setType(type).build();
  }

  public static TypeProto tensorType(ElementType type, Object... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object dim : dims) {
      TensorShapeProto.Dimension.Builder dimension = shape.addDimBuilder();
      if (dim instanceof Integer size) {
        dimension.setDimValue(size);
      } else if (dim != null) {
        dimension.setDimParam((String) dim);
      }
    }
    return TypeProto.newBuilder()
        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type.code()).setShape(shape))
        .build();
  }

  public static TypeProto sequenceType(TypeProto element) {
    return TypeProto.newBuilder()
        .setSequenceType(TypeProto.Sequence.newBuilder().setElemType(element))
        .build();
  }

  public static TypeProto optionalType(TypeProto element) {
    return TypeProto.newBuilder()
        .setOptionalType(TypeProto.Optional.newBuilder().setElemType(element))
        .build();
  }

  public static TypeProto mapType(ElementType key, TypeProto value) {
    return TypeProto.newBuilder()
        .setMapType(TypeProto.Map.newBuilder().setKeyType(key.code()).setValueType(value))
        .build();
  }

  public static AttributeProto attribute(String name, Object value) {
    AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
    if (value instanceof Integer i) {
      attribute.setType(AttributeType.INT).setI(i);
    } else if (value instanceof Long l) {
      attribute.setType(AttributeType.INT).setI(l);
    } else if (value instanceof Float f) {
      attribute.setType(AttributeType.FLOAT).setF(f);
    } else if (value instanceof String s) {
      attribute.setType(AttributeType.STRING).setS(ByteString.copyFromUtf8(s));
    } else if (value instanceof Tensor t) {
      attribute.setType(AttributeType.TENSOR).setT(TensorProtos.of("", t));
    } else if (value instanceof ModelBuilder g) {
      attribute.setType(AttributeType.GRAPH).setG(g.graphProto());
    } else if (value instanceof TypeProto type) {
      attribute.setType(AttributeType.TYPE_PROTO).setTp(type);
    } else if (value instanceof AttributeProto whole) {
      attribute.mergeFrom(whole).setName(name);
    } else {
      list(attribute, value);
    }
    return attribute.build();
  }

  private static void list(AttributeProto.Builder attribute, Object value) {
    if (value instanceof int[] ints) {
      attribute.setType(AttributeType.INTS);
      for (int i : ints) {
        attribute.addInts(i);
      }
    } else if (value instanceof long[] longs) {
      attribute.setType(AttributeType.INTS);
      for (long l : longs) {
        attribute.addInts(l);
      }
    } else if (value instanceof float[] floats) {
      attribute.setType(AttributeType.FLOATS);
      for (float f : floats) {
        attribute.addFloats(f);
      }
    } else if (value instanceof String[] strings) {
      attribute.setType(AttributeType.STRINGS);
      for (String s : strings) {
        attribute.addStrings(ByteString.copyFromUtf8(s));
      }
    } else if (value instanceof Tensor[] tensors) {
      attribute.setType(AttributeType.TENSORS);
      for (Tensor t : tensors) {
        attribute.addTensors(TensorProtos.of("", t));
      }
    } else if (value instanceof ModelBuilder[] graphs) {
      attribute.setType(AttributeType.GRAPHS);
      for (ModelBuilder g : graphs) {
        attribute.addGraphs(g.graphProto());
      }
    } else {
      throw new IllegalArgumentException("no attribute holds a " + value.getClass());
    }
  }
}
