package io.sparkonnx.engine.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import io.sparkonnx.engine.LoadOptions.Limits;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import io.sparkonnx.engine.onnx.proto.MapProto;
import io.sparkonnx.engine.onnx.proto.OptionalProto;
import io.sparkonnx.engine.onnx.proto.SequenceProto;
import io.sparkonnx.engine.onnx.proto.TensorProto;
import io.sparkonnx.engine.tensor.MapValue;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.OptionalValue;
import io.sparkonnx.engine.tensor.SequenceValue;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueType;
import io.sparkonnx.engine.type.ValueType.MapType;
import io.sparkonnx.engine.type.ValueType.OptionalType;
import io.sparkonnx.engine.type.ValueType.SequenceType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads single values from files, as ONNX's test directories hold them in {@code input_K.pb} and
 * {@code output_K.pb}. The files do not say what kind of value they hold, so the caller does.
 */
public final class ValueReader {
  private static final int TENSOR_NAME =
      (TensorProto.NAME_FIELD_NUMBER << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  private static final int OTHER_NAME =
      (SequenceProto.NAME_FIELD_NUMBER << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  private final TensorReader tensors;

  private ValueReader(TensorReader tensors) {
    this.tensors = tensors;
  }

  /**
   * @param expected type of the model's input or output; null for a tensor
   * @throws OnnxException MODEL_NOT_READABLE or INVALID_INPUT
   */
  public static TestValue read(Path file, ValueType expected) {
    return read(ModelFile.open(file), expected);
  }

  /**
   * Reads a value whose type depends on the name that the file gives it: files need not be numbered
   * in the model's order.
   *
   * @param types types of the model's inputs or outputs by name
   * @param otherwise type where the file gives none of these names; null for a tensor
   * @throws OnnxException MODEL_NOT_READABLE or INVALID_INPUT
   */
  public static TestValue read(Path file, Map<String, ValueType> types, ValueType otherwise) {
    ByteBuffer bytes = ModelFile.open(file);
    ValueType expected = otherwise;
    for (String name : possibleNames(bytes)) {
      expected = types.getOrDefault(name, expected);
    }
    return read(bytes, expected);
  }

  /** As {@link #read(Path, ValueType)} from a file's bytes. */
  public static TestValue read(byte[] bytes, ValueType expected) {
    return read(ByteBuffer.wrap(bytes), expected);
  }

  private static TestValue read(ByteBuffer file, ValueType expected) {
    Message empty = TensorProto.getDefaultInstance();
    if (expected instanceof SequenceType) {
      empty = SequenceProto.getDefaultInstance();
    } else if (expected instanceof MapType) {
      empty = MapProto.getDefaultInstance();
    } else if (expected instanceof OptionalType) {
      empty = OptionalProto.getDefaultInstance();
    }
    String kind = empty.getDescriptorForType().getName();
    Budget budget = Budget.ofJvm(Limits.DEFAULT.modelBytes());
    ValueReader reader = new ValueReader(new TensorReader(file, new ExternalData(null), budget));
    try {
      ByteBuffer skeleton =
          WireScan.skeleton(file, empty.getDescriptorForType(), Limits.DEFAULT, budget);
      CodedInputStream input = CodedInputStream.newInstance(skeleton);
      input.setRecursionLimit(WireScan.levels(Limits.DEFAULT) + 1);
      return reader.value(empty.newBuilderForType().mergeFrom(input).build());
    } catch (IOException e) {
      throw new OnnxException(Code.INVALID_INPUT, "no " + kind + ": " + e.getMessage(), e);
    } catch (OnnxException e) {
      if (e.code() != Code.INVALID_MODEL) {
        throw e;
      }
      throw new OnnxException(Code.INVALID_INPUT, "no " + kind + ": " + e.getMessage(), e);
    }
  }

  /** The texts at the places where tensors have their names, and all other kinds of values. */
  private static List<String> possibleNames(ByteBuffer file) {
    List<String> names = new ArrayList<>();
    try {
      CodedInputStream input = CodedInputStream.newInstance(file.duplicate());
      for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
        if (tag == TENSOR_NAME || tag == OTHER_NAME) {
          names.add(input.readString());
        } else {
          input.skipField(tag);
        }
      }
    } catch (IOException e) {
      return List.of();
    }
    return names;
  }

  private TestValue value(Message message) {
    if (message instanceof SequenceProto sequence) {
      return new TestValue(sequence.getName(), sequence(sequence));
    } else if (message instanceof MapProto map) {
      return new TestValue(map.getName(), map(map));
    } else if (message instanceof OptionalProto optional) {
      return new TestValue(optional.getName(), optional(optional));
    }
    TensorProto tensor = (TensorProto) message;
    return new TestValue(tensor.getName(), tensor(tensor));
  }

  private Tensor tensor(TensorProto tensor) {
    String name = tensor.getName();
    return tensors.read(tensor, name.isEmpty() ? "the tensor" : "tensor " + Refusals.quoted(name));
  }

  private SequenceValue sequence(SequenceProto proto) {
    List<OnnxValue> elements = new ArrayList<>();
    proto.getTensorValuesList().forEach(element -> elements.add(tensor(element)));
    proto
        .getSparseTensorValuesList()
        .forEach(element -> elements.add(tensors.sparse(element, "an element")));
    proto.getSequenceValuesList().forEach(element -> elements.add(sequence(element)));
    proto.getMapValuesList().forEach(element -> elements.add(map(element)));
    proto.getOptionalValuesList().forEach(element -> elements.add(optional(element)));
    return SequenceValue.of(elements);
  }

  private OptionalValue optional(OptionalProto proto) {
    if (proto.hasTensorValue()) {
      return new OptionalValue(tensor(proto.getTensorValue()));
    } else if (proto.hasSparseTensorValue()) {
      return new OptionalValue(tensors.sparse(proto.getSparseTensorValue(), "the element"));
    } else if (proto.hasSequenceValue()) {
      return new OptionalValue(sequence(proto.getSequenceValue()));
    } else if (proto.hasMapValue()) {
      return new OptionalValue(map(proto.getMapValue()));
    } else if (proto.hasOptionalValue()) {
      return new OptionalValue(optional(proto.getOptionalValue()));
    }
    return new OptionalValue(null);
  }

  private MapValue map(MapProto proto) {
    Tensor keys;
    if (proto.getStringKeysCount() > 0) {
      String[] texts = new String[proto.getStringKeysCount()];
      for (int i = 0; i < texts.length; i++) {
        texts[i] = proto.getStringKeys(i).toStringUtf8();
      }
      keys = Tensor.of(texts, texts.length);
    } else {
      long[] numbers = new long[proto.getKeysCount()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = proto.getKeys(i);
      }
      keys = Tensor.of(numbers, numbers.length);
    }
    List<Tensor> values = new ArrayList<>();
    proto.getValues().getTensorValuesList().forEach(value -> values.add(tensor(value)));
    return new MapValue(keys, MapValues.stack(values, keys.size()));
  }
}
