package io.sparkonnx.spark.bind;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Tells a call's options from its inputs: options are a constant struct that stands last, after at
 * least one input. A struct that is the only argument after the model holds the inputs by name.
 *
 * @param options what the call asks for
 * @param inputs the arguments for the model's inputs
 */
record OptionsArgument(CallOptions options, List<Expression> inputs) {

  /**
   * Splits the arguments after the model; raises ONNX_OPTIONS for unknown options or values.
   *
   * @param defaults for options that are not given
   * @param arguments one at least
   */
  static OptionsArgument split(CallOptions defaults, List<Expression> arguments) {
    int count = arguments.size() - 1;
    Expression last = arguments.get(count);
    Expression value = last instanceof Alias alias ? alias.child() : last;
    if (count > 0 && value.dataType() instanceof MapType) {
      throw refused(defaults, "options are given as named_struct('batch_size', 64, …), not a map");
    }
    if (count == 0 || !(value.dataType() instanceof StructType type)) {
      return new OptionsArgument(defaults, arguments);
    }
    if (!value.foldable()) {
      if (Stream.of(type.fieldNames()).anyMatch(name -> CallOption.of(name) != null)) {
        throw refused(defaults, "options must be constants, not " + value.sql());
      }
      return new OptionsArgument(defaults, arguments);
    }
    return new OptionsArgument(read(defaults, value, type), arguments.subList(0, count));
  }

  /** Whether all fields of a constant struct are options, as in a call without inputs. */
  static boolean holdsOnlyOptions(Expression argument) {
    return argument.dataType() instanceof StructType type
        && argument.foldable()
        && Stream.of(type.fieldNames()).allMatch(name -> CallOption.of(name) != null);
  }

  private static CallOptions read(CallOptions defaults, Expression struct, StructType type) {
    InternalRow row = (InternalRow) struct.eval(InternalRow.empty());
    if (row == null) {
      throw refused(defaults, "the options are NULL");
    }
    CallOptions options = defaults;
    for (int i = 0; i < type.length(); i++) {
      StructField field = type.fields()[i];
      CallOption option = CallOption.of(field.name());
      if (option == null) {
        throw refused(defaults, "there is no option " + field.name());
      }
      if (Stream.of(type.fieldNames()).filter(field.name()::equals).count() > 1) {
        throw refused(defaults, "option " + field.name() + " is given twice");
      }
      Object value = row.isNullAt(i) ? null : row.get(i, field.dataType());
      CallOptions changed = isReadable(field.dataType()) ? option.apply(options, value) : null;
      if (changed == null) {
        throw OnnxCondition.ONNX_OPTIONS.raise(
            defaults.function()
                + ": option "
                + field.name()
                + " is "
                + text(value, field.dataType())
                + "; it takes "
                + option.takes());
      }
      options = changed;
    }
    return options;
  }

  private static boolean isReadable(DataType type) {
    return !(type instanceof ArrayType array) || array.elementType() instanceof StringType;
  }

  private static String text(Object value, DataType type) {
    if (value == null) {
      return "NULL";
    }
    String text =
        value instanceof ArrayData array
            ? Arrays.toString(array.toObjectArray(((ArrayType) type).elementType()))
            : value.toString();
    return text + " of type " + type.sql();
  }

  private static RuntimeException refused(CallOptions call, String problem) {
    return OnnxCondition.ONNX_OPTIONS.raise(
        call.function() + ": " + problem + "; the options are " + CallOption.keys());
  }
}
