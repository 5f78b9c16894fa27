package io.sparkonnx.spark.score;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import scala.jdk.javaapi.CollectionConverters;

/** Expressions in SQL before there is anything that they could be resolved against. */
final class SqlText {
  /** A call around a list lets Spark's parser split it. */
  private static final String LIST = "array";

  private SqlText() {}

  /** What is wrong with an expression, or null. */
  static String problem(String text) {
    try {
      CatalystSqlParser$.MODULE$.parseExpression(text);
      return null;
    } catch (Exception e) {
      return message(e);
    }
  }

  /** What is wrong with expressions that are separated by commas, or null. */
  static String problemOfList(String text) {
    try {
      list(text);
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  /** The expressions that are separated by commas. */
  static List<Expression> list(String text) {
    Expression call;
    try {
      call = CatalystSqlParser$.MODULE$.parseExpression(LIST + "(" + text + "\n)");
    } catch (Exception e) {
      throw new IllegalArgumentException(message(e), e);
    }
    if (!(call instanceof UnresolvedFunction function)
        || !function.nameParts().mkString(".").equals(LIST)
        || function.arguments().isEmpty()) {
      throw new IllegalArgumentException("this is no list of expressions");
    }
    return List.copyOf(CollectionConverters.asJava(function.arguments()));
  }

  /** The columns that an expression names and that are not among those that there are. */
  static List<String> missing(Expression expression, List<String> columns) {
    List<String> missing = new ArrayList<>();
    if (expression instanceof UnresolvedAttribute attribute) {
      List<String> parts = List.copyOf(CollectionConverters.asJava(attribute.nameParts()));
      if (parts.stream().noneMatch(part -> columns.stream().anyMatch(part::equalsIgnoreCase))) {
        missing.add(String.join(".", parts));
      }
    }
    for (Expression child : CollectionConverters.asJava(expression.children())) {
      missing.addAll(missing(child, columns));
    }
    return missing;
  }

  private static String message(Exception e) {
    String text = e instanceof AnalysisException refused ? refused.getMessage() : e.toString();
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse("");
  }
}
