package io.sparkonnx.spark.exec;

import io.sparkonnx.spark.OnnxConf;
import io.sparkonnx.spark.device.Placement;
import io.sparkonnx.spark.model.ModelReference;
import io.sparkonnx.spark.model.ShippedModel;
import io.sparkonnx.spark.plan.OnnxPredict;
import io.sparkonnx.spark.plan.Sequences;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.DataType;

/**
 * Everything that a task needs to evaluate calls over a child's rows.
 *
 * @param groups the calls, by the rows that they run on
 * @param childOutput the child's columns
 * @param kept which of the child's columns are given on, by their ordinals
 * @param resultTypes one type for each call
 * @param batchSize rows of a batch at most
 */
record EvalPlan(
    List<CallGroup> groups,
    List<Attribute> childOutput,
    List<Integer> kept,
    List<DataType> resultTypes,
    int batchSize)
    implements Serializable {

  static EvalPlan of(
      List<OnnxPredict> calls,
      List<Attribute> childOutput,
      List<Attribute> kept,
      Function<ModelReference, ShippedModel> shipping,
      IntFunction<Placement> placing,
      OnnxConf settings) {
    Map<Expression, List<Integer>> byCondition = new LinkedHashMap<>();
    for (int i = 0; i < calls.size(); i++) {
      byCondition.computeIfAbsent(condition(calls.get(i)), c -> new ArrayList<>()).add(i);
    }
    List<CallGroup> groups = new ArrayList<>();
    for (List<Integer> members : byCondition.values()) {
      groups.add(group(calls, members, childOutput, shipping, placing, settings));
    }
    List<DataType> resultTypes = calls.stream().map(OnnxPredict::dataType).toList();
    int rows =
        calls.stream()
            .mapToInt(call -> settings.batchSize(call.call().options()))
            .max()
            .orElseThrow();
    List<Integer> ordinals =
        kept.stream().map(attribute -> indexOf(attribute, childOutput)).toList();
    return new EvalPlan(List.copyOf(groups), childOutput, ordinals, resultTypes, rows);
  }

  /** The condition in the form that equal ones share, or null. */
  private static Expression condition(OnnxPredict call) {
    return call.condition().isEmpty() ? null : call.condition().get().canonicalized();
  }

  private static CallGroup group(
      List<OnnxPredict> calls,
      List<Integer> members,
      List<Attribute> childOutput,
      Function<ModelReference, ShippedModel> shipping,
      IntFunction<Placement> placing,
      OnnxConf settings) {
    List<Expression> all = new ArrayList<>();
    members.forEach(member -> all.addAll(Sequences.list(calls.get(member).arguments())));
    boolean columnsOnly = all.stream().allMatch(argument -> indexOf(argument, childOutput) >= 0);
    List<CallPlan> plans = new ArrayList<>();
    int first = 0;
    for (int member : members) {
      OnnxPredict call = calls.get(member);
      List<Expression> own = Sequences.list(call.arguments());
      List<Integer> ordinals = new ArrayList<>();
      for (int i = 0; i < own.size(); i++) {
        ordinals.add(columnsOnly ? indexOf(own.get(i), childOutput) : first + i);
      }
      first += own.size();
      plans.add(
          new CallPlan(
              member,
              call.call(),
              settings.batchSize(call.call().options()),
              settings.pads(call.call()),
              placing.apply(member),
              shipping.apply(call.call().model()),
              own.stream().map(Expression::dataType).toList(),
              own.stream().map(Expression::sql).toList(),
              ordinals));
    }
    Expression condition = calls.get(members.get(0)).condition().getOrElse(() -> null);
    return new CallGroup(condition, columnsOnly ? List.of() : List.copyOf(all), plans);
  }

  /** Whether all of the child's columns are given on, as they come. */
  boolean keepsAll() {
    return kept.equals(IntStream.range(0, childOutput.size()).boxed().toList());
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
}
