package io.sparkonnx.spark.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/** A field of the one struct argument that binds by name. */
record NamedArgument(String name, Expression value) {

  /** The fields where the arguments are one struct that is no image, else null. */
  static List<NamedArgument> structFields(List<Expression> arguments) {
    if (arguments.size() != 1
        || !(arguments.get(0).dataType() instanceof StructType type)
        || ElementTypes.isImage(type)) {
      return null;
    }
    Expression struct = arguments.get(0) instanceof Alias alias ? alias.child() : arguments.get(0);
    List<NamedArgument> fields = new ArrayList<>();
    for (int i = 0; i < type.length(); i++) {
      String name = type.fields()[i].name();
      Expression value =
          struct instanceof CreateNamedStruct created
              ? created.valExprs().apply(i)
              : new GetStructField(struct, i, Option.apply(name));
      fields.add(new NamedArgument(name, value));
    }
    return fields;
  }

  /** The name that an argument carries: its column's or its alias; else empty. */
  static String nameOf(Expression argument) {
    return argument instanceof NamedExpression named ? named.name() : "";
  }

  static String names(List<NamedArgument> fields) {
    return fields.stream().map(NamedArgument::name).collect(Collectors.joining(", "));
  }
}
