package io.sparkonnx.spark.exec;

import io.sparkonnx.spark.model.ModelReference;
import io.sparkonnx.spark.model.ShippedModel;
import io.sparkonnx.spark.plan.OnnxPredict;
import io.sparkonnx.spark.plan.Sequences;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.DataType;

/**
 * Everything that a task needs to evaluate calls over a child's rows.
 *
 * @param calls the calls
 * @param childOutput the child's columns
 * @param arguments what to compute from a child's row to get the row of arguments; empty where all
 *     arguments are columns of the child, and ordinals point into the child's row
 * @param resultTypes one type for each call
 * @param batchSize rows of one run at most
 */
record EvalPlan(
    List<CallPlan> calls,
    List<Attribute> childOutput,
    List<Expression> arguments,
    List<DataType> resultTypes,
    int batchSize)
    implements Serializable {

  static EvalPlan of(
      List<OnnxPredict> calls,
      List<Attribute> childOutput,
      Function<ModelReference, ShippedModel> shipping,
      int batchSize) {
    List<Expression> all = new ArrayList<>();
    calls.forEach(call -> all.addAll(Sequences.list(call.arguments())));
    boolean columnsOnly = all.stream().allMatch(argument -> indexOf(argument, childOutput) >= 0);
    List<CallPlan> plans = new ArrayList<>();
    int first = 0;
    for (OnnxPredict call : calls) {
      List<Expression> own = Sequences.list(call.arguments());
      List<Integer> ordinals = new ArrayList<>();
      for (int i = 0; i < own.size(); i++) {
        ordinals.add(columnsOnly ? indexOf(own.get(i), childOutput) : first + i);
      }
      first += own.size();
      plans.add(
          new CallPlan(
              call.call(),
              shipping.apply(call.call().model()),
              own.stream().map(Expression::dataType).toList(),
              own.stream().map(Expression::sql).toList(),
              ordinals));
    }
    List<DataType> resultTypes = calls.stream().map(OnnxPredict::dataType).toList();
    List<Expression> projected = columnsOnly ? List.of() : List.copyOf(all);
    return new EvalPlan(List.copyOf(plans), childOutput, projected, resultTypes, batchSize);
  }

  private static int indexOf(Expression argument, List<Attribute> columns) {
    for (int i = 0; i < columns.size(); i++) {
      if (argument instanceof Attribute attribute
          && attribute.exprId().equals(columns.get(i).exprId())) {
        return i;
      }
    }
    return -1;
  }

  boolean argumentsAreColumns() {
    return arguments.isEmpty();
  }
}
