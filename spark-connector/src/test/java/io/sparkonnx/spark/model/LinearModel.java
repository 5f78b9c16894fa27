package io.sparkonnx.spark.model;

import io.sparkonnx.engine.onnx.proto.GraphProto;
import io.sparkonnx.engine.onnx.proto.ModelProto;
import io.sparkonnx.engine.onnx.proto.NodeProto;
import io.sparkonnx.engine.onnx.proto.OperatorSetIdProto;
import io.sparkonnx.engine.onnx.proto.StringStringEntryProto;
import io.sparkonnx.engine.onnx.proto.TensorProto;
import io.sparkonnx.engine.onnx.proto.TensorShapeProto;
import io.sparkonnx.engine.onnx.proto.TypeProto;
import io.sparkonnx.engine.onnx.proto.ValueInfoProto;
import io.sparkonnx.engine.tensor.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of y [N, 1] = x [N, weights] · weights + bias. */
public final class LinearModel {
  private LinearModel() {}

  private static ModelProto.Builder model(float bias, TensorProto weights) {
    GraphProto graph =
        GraphProto.newBuilder()
            .setName("linear")
            .addInput(value("x", (int) weights.getDims(0)))
            .addOutput(value("y", 1))
            .addInitializer(weights)
            .addInitializer(
                TensorProto.newBuilder()
                    .setName("b")
                    .setDataType(ElementType.FLOAT.code())
                    .addDims(1)
                    .addFloatData(bias))
            .addNode(node("MatMul", "x", "w", "h"))
            .addNode(node("Add", "h", "b", "y"))
            .build();
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
        .setGraph(graph);
  }

  private static NodeProto node(String type, String a, String b, String out) {
    return NodeProto.newBuilder().setOpType(type).addInput(a).addInput(b).addOutput(out).build();
  }

  private static ValueInfoProto value(String name, int columns) {
    TensorShapeProto shape =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"))
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(columns))
            .build();
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder().setElemType(ElementType.FLOAT.code()).setShape(shape).build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static TensorProto.Builder weights(int count) {
    return TensorProto.newBuilder()
        .setName("w")
        .setDataType(ElementType.FLOAT.code())
        .addDims(count)
        .addDims(1);
  }

  /** A model in one file. */
  static byte[] bytes(float bias, float... weights) {
    TensorProto.Builder tensor = weights(weights.length);
    for (float weight : weights) {
      tensor.addFloatData(weight);
    }
    return model(bias, tensor.build()).build().toByteArray();
  }

  /** A model of two weights, which lie in another file. */
  public static byte[] external(float bias, String location) {
    TensorProto.Builder tensor = weights(2).setDataLocation(TensorProto.DataLocation.EXTERNAL);
    tensor.addExternalData(
        StringStringEntryProto.newBuilder().setKey("location").setValue(location));
    return model(bias, tensor.build()).build().toByteArray();
  }

  /** What the other file holds. */
  public static byte[] data(float... weights) {
    ByteBuffer data = ByteBuffer.allocate(4 * weights.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float weight : weights) {
      data.putFloat(weight);
    }
    return data.array();
  }

  /** Writes a file, with its folders, and returns its URI. */
  static String write(Path file, byte[] content) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    } catch (IOException e) {
      throw new IllegalStateException("cannot write " + file, e);
    }
    return file.toUri().toString();
  }
}
