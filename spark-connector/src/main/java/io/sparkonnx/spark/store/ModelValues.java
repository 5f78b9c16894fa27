package io.sparkonnx.spark.store;

import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import io.sparkonnx.engine.Batching;
import io.sparkonnx.engine.ModelSummary;
import io.sparkonnx.engine.Signature.Port;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** What a summary says, in the forms of columns. */
final class ModelValues {
  /** An input or output. A sequence or map, and a tensor of unknown rank, has no shape. */
  static final StructType PORT =
      new StructType()
          .add("name", StringType, false)
          .add("type", StringType, false)
          .add("shape", createArrayType(StringType, false), true);

  private record PortValue(String name, String type, List<String> shape) {}

  private ModelValues() {}

  static Map<String, Integer> opsets(ModelSummary summary) {
    Map<String, Integer> opsets = new TreeMap<>();
    summary
        .info()
        .opsets()
        .forEach((domain, version) -> opsets.put(domain.isEmpty() ? "ai.onnx" : domain, version));
    return opsets;
  }

  static List<PortValue> ports(List<Port> ports) {
    return ports.stream().map(ModelValues::port).toList();
  }

  private static PortValue port(Port port) {
    if (port.type() instanceof TensorType tensor) {
      Shape shape = tensor.shape();
      List<String> dims =
          shape.hasRank() ? shape.dims().stream().map(Dim::toString).toList() : null;
      return new PortValue(port.name(), tensor.element().toString(), dims);
    }
    return new PortValue(port.name(), port.type().toString(), null);
  }

  /** The cost of a run of one row, or null where it is no number. */
  static Long flopsPerRow(ModelSummary summary) {
    Batching batching = summary.batching();
    if (batching.kind() == Batching.Kind.COUPLED) {
      return null;
    }
    List<Port> inputs = summary.signature().inputs();
    if (batching.kind() == Batching.Kind.FIXED) {
      boolean oneRow = inputs.stream().allMatch(input -> Dim.ONE.equals(dim(input, 0)));
      return oneRow && summary.flops().isConstant() ? summary.flops().value() : null;
    }
    Set<Dim> rows = new HashSet<>();
    for (Port input : inputs) {
      Integer axis = batching.inputAxes().get(input.name());
      if (axis != null) {
        rows.add(dim(input, axis));
      }
    }
    Dim flops = summary.flops().substitute(symbol -> rows.contains(symbol) ? Dim.ONE : symbol);
    return flops.isConstant() ? flops.value() : null;
  }

  /** The size of an axis, or null for what has no such axis. */
  private static Dim dim(Port port, int axis) {
    boolean there =
        port.type() instanceof TensorType tensor
            && tensor.shape().hasRank()
            && axis < tensor.shape().rank();
    return there ? ((TensorType) port.type()).shape().dim(axis) : null;
  }

  /** Strings, lists, maps and ports as Catalyst holds them; numbers stay what they are. */
  static Object catalyst(Object value) {
    if (value instanceof String text) {
      return UTF8String.fromString(text);
    }
    if (value instanceof List<?> list) {
      return new GenericArrayData(list.stream().map(ModelValues::catalyst).toArray());
    }
    if (value instanceof Map<?, ?> map) {
      return new ArrayBasedMapData(
          new GenericArrayData(map.keySet().stream().map(ModelValues::catalyst).toArray()),
          new GenericArrayData(map.values().stream().map(ModelValues::catalyst).toArray()));
    }
    if (value instanceof PortValue port) {
      return new GenericInternalRow(
          new Object[] {catalyst(port.name), catalyst(port.type), catalyst(port.shape)});
    }
    return value;
  }
}
