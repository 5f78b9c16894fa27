package io.sparkonnx.engine.onnx;

import com.google.protobuf.ByteString;
import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.onnx.proto.AttributeProto;
import io.sparkonnx.engine.onnx.proto.AttributeProto.AttributeType;
import io.sparkonnx.engine.onnx.proto.GraphProto;
import io.sparkonnx.engine.onnx.proto.SparseTensorProto;
import io.sparkonnx.engine.onnx.proto.TensorProto;
import io.sparkonnx.engine.onnx.proto.TypeProto;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Values of attributes as {@link io.sparkonnx.engine.op.Attributes} has them; besides, a type is a
 * {@link ValueType}, several graphs or types are lists, and a sparse tensor is dense.
 */
final class AttributeReader {
  private final TensorReader tensors;
  private final TypeReader types;

  AttributeReader(TensorReader tensors, TypeReader types) {
    this.tensors = tensors;
    this.types = types;
  }

  /**
   * @param what the attribute for messages, e.g. {@code attribute 'value' of Constant 'c'}
   * @param graphs reads a graph where the attribute holds one
   * @return the value; an empty list where the file does not say what kind of value it is
   */
  Object read(AttributeProto attribute, String what, Function<GraphProto, Graph> graphs) {
    return switch (kind(attribute)) {
      case FLOAT -> attribute.getF();
      case INT -> attribute.getI();
      case STRING -> attribute.getS().toStringUtf8();
      case TENSOR -> tensors.read(present(attribute.hasT(), attribute.getT(), what), what);
      case GRAPH -> graphs.apply(present(attribute.hasG(), attribute.getG(), what));
      case FLOATS -> floats(attribute);
      case INTS -> ints(attribute);
      case STRINGS -> strings(attribute);
      case TENSORS -> {
        List<Tensor> list = new ArrayList<>();
        for (TensorProto tensor : attribute.getTensorsList()) {
          list.add(tensors.read(tensor, what));
        }
        yield List.copyOf(list);
      }
      case GRAPHS -> attribute.getGraphsList().stream().map(graphs).toList();
      case SPARSE_TENSOR ->
          tensors.sparse(
              present(attribute.hasSparseTensor(), attribute.getSparseTensor(), what), what);
      case SPARSE_TENSORS -> {
        List<Tensor> list = new ArrayList<>();
        for (SparseTensorProto tensor : attribute.getSparseTensorsList()) {
          list.add(tensors.sparse(tensor, what));
        }
        yield List.copyOf(list);
      }
      case TYPE_PROTO ->
          types.read(present(attribute.hasTp(), attribute.getTp(), what), "type", what);
      case TYPE_PROTOS -> {
        List<ValueType> list = new ArrayList<>();
        for (TypeProto type : attribute.getTypeProtosList()) {
          list.add(types.read(type, "type", what));
        }
        yield List.copyOf(list);
      }
      case UNDEFINED -> List.of();
    };
  }

  private static <T> T present(boolean has, T value, String what) {
    if (!has) {
      throw Refusals.invalid(what + " has no value");
    }
    return value;
  }

  /** The declared kind, or where old files declare none, that of the field that is set. */
  private static AttributeType kind(AttributeProto attribute) {
    if (attribute.getType() != AttributeType.UNDEFINED) {
      return attribute.getType();
    } else if (attribute.hasF()) {
      return AttributeType.FLOAT;
    } else if (attribute.hasI()) {
      return AttributeType.INT;
    } else if (attribute.hasS()) {
      return AttributeType.STRING;
    } else if (attribute.hasT()) {
      return AttributeType.TENSOR;
    } else if (attribute.hasG()) {
      return AttributeType.GRAPH;
    } else if (attribute.hasSparseTensor()) {
      return AttributeType.SPARSE_TENSOR;
    } else if (attribute.hasTp()) {
      return AttributeType.TYPE_PROTO;
    }
    return kindOfList(attribute);
  }

  private static AttributeType kindOfList(AttributeProto attribute) {
    if (attribute.getFloatsCount() > 0) {
      return AttributeType.FLOATS;
    } else if (attribute.getIntsCount() > 0) {
      return AttributeType.INTS;
    } else if (attribute.getStringsCount() > 0) {
      return AttributeType.STRINGS;
    } else if (attribute.getTensorsCount() > 0) {
      return AttributeType.TENSORS;
    } else if (attribute.getGraphsCount() > 0) {
      return AttributeType.GRAPHS;
    } else if (attribute.getSparseTensorsCount() > 0) {
      return AttributeType.SPARSE_TENSORS;
    }
    return attribute.getTypeProtosCount() > 0 ? AttributeType.TYPE_PROTOS : AttributeType.UNDEFINED;
  }

  private static float[] floats(AttributeProto attribute) {
    float[] values = new float[attribute.getFloatsCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = attribute.getFloats(i);
    }
    return values;
  }

  private static long[] ints(AttributeProto attribute) {
    long[] values = new long[attribute.getIntsCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = attribute.getInts(i);
    }
    return values;
  }

  private static List<String> strings(AttributeProto attribute) {
    return attribute.getStringsList().stream().map(ByteString::toStringUtf8).toList();
  }
}
