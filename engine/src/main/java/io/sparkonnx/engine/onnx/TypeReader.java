package io.sparkonnx.engine.onnx;

import io.sparkonnx.engine.onnx.proto.TensorShapeProto;
import io.sparkonnx.engine.onnx.proto.TypeProto;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueType;
import io.sparkonnx.engine.type.ValueType.MapType;
import io.sparkonnx.engine.type.ValueType.OptionalType;
import io.sparkonnx.engine.type.ValueType.SequenceType;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Declared types. Dimensions that a file leaves open become symbols of their own. */
final class TypeReader {
  /** What exporters write where they know nothing; two of them need not be equal. */
  private static final Set<String> NO_NAMES = Set.of("", "?", "-1", "None");

  private final Set<String> symbols = new HashSet<>();

  /** Keeps the names of a type's dimensions from being given to unknown ones. */
  void reserve(TypeProto type) {
    TypeProto element = type;
    while (true) {
      switch (element.getValueCase()) {
        case SEQUENCE_TYPE -> element = element.getSequenceType().getElemType();
        case OPTIONAL_TYPE -> element = element.getOptionalType().getElemType();
        case MAP_TYPE -> element = element.getMapType().getValueType();
        default -> {
          for (TensorShapeProto.Dimension dim : element.getTensorType().getShape().getDimList()) {
            symbols.add(dim.getDimParam());
          }
          return;
        }
      }
    }
  }

  /**
   * @param name name of the value; unknown dimensions become symbols such as {@code x_dim0}
   * @param what the value for messages, e.g. {@code input 'x'}
   * @throws io.sparkonnx.engine.OnnxException INVALID_MODEL for kinds of values and elements that
   *     are not known
   */
  ValueType read(TypeProto type, String name, String what) {
    return switch (type.getValueCase()) {
      case TENSOR_TYPE -> tensor(type.getTensorType(), name, what);
      case SEQUENCE_TYPE ->
          new SequenceType(read(type.getSequenceType().getElemType(), name, what));
      case OPTIONAL_TYPE ->
          new OptionalType(read(type.getOptionalType().getElemType(), name, what));
      case MAP_TYPE -> {
        TypeProto.Map map = type.getMapType();
        ElementType key = TensorReader.elementType(map.getKeyType(), what);
        yield new MapType(key, read(map.getValueType(), name, what));
      }
      case SPARSE_TENSOR_TYPE -> throw Refusals.invalid(what + " is a sparse tensor");
      case OPAQUE_TYPE -> throw Refusals.invalid(what + " is of an opaque type");
      case VALUE_NOT_SET -> throw Refusals.invalid(what + " has no type");
    };
  }

  private TensorType tensor(TypeProto.Tensor tensor, String name, String what) {
    ElementType element = TensorReader.elementType(tensor.getElemType(), what);
    if (!tensor.hasShape()) {
      return new TensorType(element, Shape.UNKNOWN);
    }
    List<Dim> dims = new ArrayList<>();
    for (TensorShapeProto.Dimension dim : tensor.getShape().getDimList()) {
      dims.add(dim(dim, name + "_dim" + dims.size()));
    }
    return new TensorType(element, Shape.of(dims));
  }

  private Dim dim(TensorShapeProto.Dimension dim, String hint) {
    if (dim.getDimValue() > 0) {
      return Dim.of(dim.getDimValue());
    }
    if (!NO_NAMES.contains(dim.getDimParam())) {
      return Dim.symbol(dim.getDimParam());
    }
    String symbol = hint;
    for (int i = 1; !symbols.add(symbol); i++) {
      symbol = hint + "_" + i;
    }
    return Dim.symbol(symbol);
  }
}
