package io.sparkonnx.spark.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.EqualNullSafe;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.IsNaN;
import org.apache.spark.sql.catalyst.expressions.IsNull;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.expressions.Or;

/**
 * What holds on every row for which an expression is evaluated: it stands in a branch.
 *
 * @param terms from the outermost branch to the innermost; each is evaluated only where the ones
 *     before it hold
 */
record Guard(List<Term> terms) {
  /** The guard of what is evaluated for every row. */
  static final Guard NONE = new Guard(List.of());

  Guard {
    terms = List.copyOf(terms);
  }

  /** What a branch asks of another expression's value. */
  enum Test {
    TRUE,
    NOT_TRUE,
    NOT_FALSE,
    NULL,
    NAN
  }

  /** A value and what it must be. */
  record Term(Expression source, Test test) {
    /** Never NULL, so that AND stops at it. */
    Expression condition() {
      return switch (test) {
        case TRUE -> source.nullable() ? new EqualNullSafe(source, literal(true)) : source;
        case NOT_TRUE ->
            new Not(source.nullable() ? new EqualNullSafe(source, literal(true)) : source);
        case NOT_FALSE ->
            source.nullable() ? new Not(new EqualNullSafe(source, literal(false))) : source;
        case NULL -> new IsNull(source);
        case NAN -> new IsNaN(source);
      };
    }

    private static Literal literal(boolean value) {
      return Literal$.MODULE$.apply(value);
    }

    boolean same(Term other) {
      return test == other.test && sameSource(other);
    }

    boolean isOpposite(Term other) {
      boolean opposite =
          (test == Test.TRUE && other.test == Test.NOT_TRUE)
              || (test == Test.NOT_TRUE && other.test == Test.TRUE);
      return opposite && sameSource(other);
    }

    private boolean sameSource(Term other) {
      return source == other.source || source.semanticEquals(other.source);
    }

    private boolean holdsAlways() {
      return test == Test.TRUE && Literal.TrueLiteral().equals(source);
    }
  }

  Guard and(Expression source, Test test) {
    Term term = new Term(source, test);
    return term.holdsAlways() ? this : with(term);
  }

  private Guard with(Term term) {
    List<Term> more = new ArrayList<>(terms);
    more.add(term);
    return new Guard(more);
  }

  boolean hasCalls() {
    return terms.stream().anyMatch(term -> Calls.in(term.source()));
  }

  /** The terms that can be told from these columns; the guard then lets more rows through. */
  Guard within(AttributeSet columns) {
    List<Term> known = new ArrayList<>();
    terms.forEach(term -> addKnown(term, columns, known));
    return new Guard(known);
  }

  private static void addKnown(Term term, AttributeSet columns, List<Term> known) {
    if (term.source().references().subsetOf(columns)) {
      known.add(term);
    } else if (term.source() instanceof And and
        && (term.test() == Test.TRUE || term.test() == Test.NOT_FALSE)) {
      addKnown(new Term(and.left(), term.test()), columns, known);
      addKnown(new Term(and.right(), term.test()), columns, known);
    } else if (term.source() instanceof Or or && term.test() == Test.NOT_TRUE) {
      addKnown(new Term(or.left(), term.test()), columns, known);
      addKnown(new Term(or.right(), term.test()), columns, known);
    }
  }

  /** The terms before one of them. */
  Guard before(Term term) {
    return new Guard(terms.subList(0, terms.indexOf(term)));
  }

  /** Whether every row that the other lets through passes here too. */
  boolean covers(Guard other) {
    return terms.stream().allMatch(term -> other.terms.stream().anyMatch(term::same));
  }

  /** The guard of the rows that either of two lets through, where terms can say it; else null. */
  Guard union(Guard other) {
    if (covers(other)) {
      return this;
    }
    if (other.covers(this)) {
      return other;
    }
    int last = terms.size() - 1;
    if (other.terms.size() == terms.size() && terms.get(last).isOpposite(other.terms.get(last))) {
      Guard prefix = new Guard(terms.subList(0, last));
      return prefix.covers(new Guard(other.terms.subList(0, last))) ? prefix : null;
    }
    return null;
  }

  /** One condition, null where there are no terms. */
  Expression condition() {
    List<Expression> conditions = terms.stream().map(Term::condition).toList();
    return conditions.isEmpty() ? null : Conjuncts.and(conditions);
  }
}
