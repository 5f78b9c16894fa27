package io.sparkonnx.spark.bind;

import org.apache.spark.QueryContext;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.trees.Origin;
import scala.Option;
import scala.collection.immutable.Map$;

/**
 * An {@link AnalysisException} whose condition Spark does not list. It keeps its line and position
 * in the query but never takes a query context: classic PySpark looks up the message template of
 * every exception that has one in Spark's own list, and would lose this one over it.
 */
final class RefusedCallException extends AnalysisException {
  private static final long serialVersionUID = 1L;

  private final OnnxCondition condition;
  private final String description;

  RefusedCallException(OnnxCondition condition, String description, Throwable cause) {
    this(condition, description, cause, Option.empty(), Option.empty());
  }

  private RefusedCallException(
      OnnxCondition condition,
      String description,
      Throwable cause,
      Option<Object> line,
      Option<Object> startPosition) {
    super(
        condition.format(description),
        line,
        startPosition,
        Option.apply(cause),
        Option.apply(condition.name()),
        Map$.MODULE$.empty(),
        new QueryContext[0],
        Option.apply(condition.sqlState()),
        Option.apply(description));
    this.condition = condition;
    this.description = description;
  }

  @Override
  public AnalysisException withPosition(Origin origin) {
    RefusedCallException positioned =
        new RefusedCallException(
            condition, description, getCause(), origin.line(), origin.startPosition());
    positioned.setStackTrace(getStackTrace());
    return positioned;
  }
}
