package io.sparkonnx.spark.bind;

import io.sparkonnx.engine.Batching;
import io.sparkonnx.engine.Signature.Port;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueType;
import io.sparkonnx.engine.type.ValueType.MapType;
import io.sparkonnx.engine.type.ValueType.SequenceType;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * The column type of a model's output: [N] and [N, 1] are scalars, [N, …] arrays, nested by rank, a
 * sequence of maps is a map. Unsigned integers become the next wider signed type, small floats
 * become float.
 */
final class ResultTypes {
  private ResultTypes() {}

  /** The slot of an output, or null where columns have no type for it, which is then a problem. */
  static OutputSlot slot(Port port, Batching batching, Problems problems) {
    String problem = problem(port, batching);
    if (problem != null) {
      problems.add(OnnxCondition.ONNX_SIGNATURE, "output " + port + " " + problem);
      return null;
    }
    boolean perRow =
        batching.kind() == Batching.Kind.FIXED || batching.outputAxes().containsKey(port.name());
    if (port.type() instanceof TensorType tensor) {
      return tensorSlot(port, tensor, perRow, batching);
    }
    MapType map = mapOf(port.type());
    boolean sequence = port.type() instanceof SequenceType;
    DataType type =
        DataTypes.createMapType(
            elementType(map.key()), elementType(((TensorType) map.value()).element()), false);
    return new OutputSlot(port.name(), type, sequence && perRow, 0, Set.of(), InputSlot.NONE);
  }

  private static String problem(Port port, Batching batching) {
    Integer axis = batching.outputAxes().get(port.name());
    if (axis != null && axis != 0) {
      return "has its rows along axis " + axis + "; onnx_predict needs axis 0";
    }
    if (port.type() instanceof TensorType tensor) {
      if (!tensor.shape().hasRank()) {
        return "has no known rank, so its column type is unknown";
      }
      Dim several = axis == null ? null : rowsPerRow(tensor.shape().dim(0));
      if (several != null) {
        return "has " + several + " rows for each row of the input; onnx_predict needs one";
      }
      return tensor.element().width() == 2
          ? "holds complex numbers, which columns do not have"
          : null;
    }
    MapType map = mapOf(port.type());
    return map != null && map.value() instanceof TensorType
        ? null
        : "has no column type; tensors and sequences of maps have";
  }

  /**
   * What a length is a multiple of some symbol by, where that is a number other than 1; or null.
   */
  private static Dim rowsPerRow(Dim length) {
    if (length.symbols().size() != 1) {
      return null;
    }
    Dim factor = length.dividedExactlyBy(Dim.symbol(length.symbols().iterator().next()));
    return factor != null && factor.isConstant() && !factor.is(1) ? factor : null;
  }

  private static MapType mapOf(ValueType type) {
    if (type instanceof MapType map) {
      return map;
    }
    return type instanceof SequenceType sequence && sequence.element() instanceof MapType map
        ? map
        : null;
  }

  private static OutputSlot tensorSlot(
      Port port, TensorType tensor, boolean perRow, Batching batching) {
    Shape shape = tensor.shape();
    boolean rows = perRow && shape.rank() > 0;
    if (batching.kind() == Batching.Kind.FIXED) {
      rows = rows && shape.dim(0).is(1);
    }
    List<Dim> dims = shape.dims().subList(rows ? 1 : 0, shape.rank());
    boolean scalar = dims.isEmpty() || (dims.size() == 1 && dims.get(0).is(1));
    DataType type = elementType(tensor.element());
    int depth = scalar ? 0 : dims.size();
    for (int i = 0; i < depth; i++) {
      type = DataTypes.createArrayType(type, false);
    }
    return new OutputSlot(port.name(), type, rows, depth, Set.of(), InputSlot.NONE);
  }

  private static DataType elementType(ElementType element) {
    return switch (element) {
      case FLOAT,
          FLOAT16,
          BFLOAT16,
          FLOAT8E4M3FN,
          FLOAT8E4M3FNUZ,
          FLOAT8E5M2,
          FLOAT8E5M2FNUZ,
          FLOAT4E2M1,
          FLOAT8E8M0 ->
          DataTypes.FloatType;
      case DOUBLE -> DataTypes.DoubleType;
      case INT8, INT4, INT2, UINT4, UINT2 -> DataTypes.ByteType;
      case INT16, UINT8 -> DataTypes.ShortType;
      case INT32, UINT16 -> DataTypes.IntegerType;
      case INT64, UINT32 -> DataTypes.LongType;
      case UINT64 -> DataTypes.createDecimalType(20, 0);
      case BOOL -> DataTypes.BooleanType;
      case STRING -> DataTypes.StringType;
      case COMPLEX64, COMPLEX128 ->
          throw new IllegalStateException("columns do not have " + element + " values");
    };
  }
}
