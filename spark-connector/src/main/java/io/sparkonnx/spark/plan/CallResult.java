package io.sparkonnx.spark.plan;

import io.sparkonnx.spark.bind.OutputSlot;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.KnownNotNull;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.types.DataTypes;
import scala.Option;

/**
 * What a call has become above the node that makes it.
 *
 * @param call the call, on the rows where its value is wanted
 * @param value of the call's type; NULL outside the branches, since Spark may read it there, where
 *     it draws out what branches share
 * @param fields of the value, where it is a struct put together of some fields of the result; else
 *     none
 */
record CallResult(OnnxPredict call, Expression value, List<Expression> fields) {

  /**
   * @param made the call that is made, with the outputs of the one that is wanted among its own
   * @param result of the call that is made
   */
  static CallResult of(OnnxPredict call, OnnxPredict made, Attribute result) {
    List<OutputSlot> outputs = call.call().outputs();
    if (outputs.equals(made.call().outputs())) {
      return new CallResult(call, (Expression) result, List.of());
    }
    List<Expression> fields = new ArrayList<>();
    for (OutputSlot output : outputs) {
      int ordinal = made.call().outputs().indexOf(output);
      fields.add(new GetStructField((Expression) result, ordinal, Option.apply(output.output())));
    }
    return fields.size() == 1
        ? new CallResult(call, fields.get(0), List.of())
        : new CallResult(call, struct(call, outputs, fields), fields);
  }

  private static Expression struct(
      OnnxPredict call, List<OutputSlot> outputs, List<Expression> fields) {
    List<Expression> parts = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      Expression field = fields.get(i);
      parts.add(Literal.create(outputs.get(i).output(), DataTypes.StringType));
      parts.add(field.nullable() ? new KnownNotNull(field) : field);
    }
    Expression struct = new CreateNamedStruct(Sequences.seq(parts));
    return call.condition().isEmpty()
        ? struct
        : new If(call.condition().get(), struct, Literal.create(null, struct.dataType()));
  }

  /** The field of the result that a field of the value is; null for any other expression. */
  Expression field(Expression expression) {
    return expression instanceof GetStructField field && field.child() == value && !fields.isEmpty()
        ? fields.get(field.ordinal())
        : null;
  }

  /** Whether the value is there on all rows. */
  boolean isEverywhere() {
    return call.condition().isEmpty();
  }
}
