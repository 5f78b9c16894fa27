package io.sparkonnx.spark.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.IsNotNull;
import org.apache.spark.sql.catalyst.expressions.IsNull;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.FullOuter$;
import org.apache.spark.sql.catalyst.plans.LeftOuter$;
import org.apache.spark.sql.catalyst.plans.RightOuter$;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * A column with calls over an outer join that the projection above reads only in branches is made
 * only on the rows that take them: others may lack the arguments. Delta Lake's MERGE makes such
 * columns of the conditions of its clauses.
 *
 * <pre>
 * Project [IF(c, s, 0), IF(c, s + 1, 0)]      Project [IF(c, s, 0), IF(c, s + 1, 0)]
 * +- Project [c, onnx_predict(m, a) AS s]  ⇒  +- Project [c, IF(c, onnx_predict(m, a), NULL) AS s]
 *    +- outer join                               +- outer join
 * </pre>
 */
final class BranchColumns {
  /** What stands where nobody reads, by types of values that are never NULL. */
  private static final Map<DataType, Object> PLACEHOLDERS =
      Map.of(
          DataTypes.BooleanType,
          false,
          DataTypes.IntegerType,
          0,
          DataTypes.LongType,
          0L,
          DataTypes.FloatType,
          0f,
          DataTypes.DoubleType,
          0d,
          DataTypes.StringType,
          "");

  private final Project below;
  private final Map<ExprId, GuardUnion> guards = new HashMap<>();

  private BranchColumns(Project below) {
    this.below = below;
  }

  static LogicalPlan apply(LogicalPlan plan) {
    if (!(plan instanceof Project above)
        || !(above.child() instanceof Project below)
        || !Calls.in(below)
        || !isOverOuterJoin(below.child())) {
      return plan;
    }
    return above.copy(above.projectList(), new BranchColumns(below).readBy(above));
  }

  private static boolean isOverOuterJoin(LogicalPlan plan) {
    if (plan instanceof Join join) {
      return join.joinType() == FullOuter$.MODULE$
          || join.joinType() == LeftOuter$.MODULE$
          || join.joinType() == RightOuter$.MODULE$;
    }
    boolean passes = plan instanceof Project || plan instanceof Filter;
    return passes && isOverOuterJoin(plan.children().head());
  }

  private Project readBy(Project above) {
    Branches.visitColumns(
        above,
        (column, guard) ->
            guards.computeIfAbsent(column.exprId(), id -> new GuardUnion()).add(knownBelow(guard)));
    List<NamedExpression> columns = new ArrayList<>();
    for (NamedExpression column : Sequences.list(below.projectList())) {
      columns.add(column instanceof Alias alias && Calls.in(alias) ? guarded(alias) : column);
    }
    return below.copy(Sequences.seq(columns), below.child());
  }

  /**
   * The guard as far as it can be told below, which lets more rows through. Behind a term that
   * cannot, only those are left that can be asked of any row.
   */
  private Guard knownBelow(Guard guard) {
    List<Guard.Term> known = new ArrayList<>();
    boolean whole = true;
    for (Guard.Term term : guard.terms()) {
      boolean isKnown = isKnownBelow(term);
      if (isKnown && (whole || neverFails(term.source()))) {
        known.add(term);
      }
      whole &= isKnown;
    }
    return new Guard(known);
  }

  private static boolean neverFails(Expression condition) {
    return condition instanceof Attribute
        || (condition instanceof IsNull isNull && isNull.child() instanceof Attribute)
        || (condition instanceof IsNotNull isNotNull && isNotNull.child() instanceof Attribute);
  }

  /** Whether a term is cheap and the same above and below. */
  private boolean isKnownBelow(Guard.Term term) {
    return term.source().references().subsetOf(below.child().outputSet())
        && !Calls.in(term.source())
        && !GuardColumn.isEvaluatedOnce(term.source());
  }

  /** What stands for a value where nobody reads it; null where there is nothing of its type. */
  private static Literal elsewhere(Expression value) {
    if (value.nullable()) {
      return Literal.create(null, value.dataType());
    }
    Object something = PLACEHOLDERS.get(value.dataType());
    return something == null ? null : Literal.create(something, value.dataType());
  }

  private Alias guarded(Alias column) {
    GuardUnion read = guards.get(column.exprId());
    Expression value = column.child();
    if (read == null || !value.deterministic() || read.condition() == null) {
      return column;
    }
    Literal elsewhere = elsewhere(value);
    return elsewhere == null
        ? column
        : (Alias) column.withNewChildren(Sequences.of(new If(read.condition(), value, elsewhere)));
  }
}
