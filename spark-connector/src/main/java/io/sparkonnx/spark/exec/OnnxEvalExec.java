package io.sparkonnx.spark.exec;

import io.sparkonnx.spark.OnnxConf;
import io.sparkonnx.spark.bind.BoundCall;
import io.sparkonnx.spark.model.ShippedModel;
import io.sparkonnx.spark.plan.OnnxPredict;
import io.sparkonnx.spark.plan.Sequences;
import io.sparkonnx.spark.ui.ModelCall;
import io.sparkonnx.spark.ui.ModelExecution;
import io.sparkonnx.spark.ui.OnnxTab;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.execution.ExplainUtils;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SQLExecution;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.UnaryExecNode;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.util.AccumulatorContext;
import scala.Tuple2;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.reflect.ClassTag$;

/**
 * Runs models on the child's rows, batch by batch, and appends one result column for each call to
 * the columns that are read above. Columnar children are read as columns, and then the output is
 * columnar too.
 */
public final class OnnxEvalExec extends SparkPlan implements UnaryExecNode {
  private static final long serialVersionUID = 1L;

  private final Seq<OnnxPredict> calls;
  private final Seq<Attribute> results;
  private final Seq<Attribute> kept;
  private final SparkPlan child;
  private transient TaskMetrics taskMetrics;
  private transient CallDevices devices;

  /**
   * @param kept the child's columns that are given on, in the child's order
   */
  public OnnxEvalExec(
      Seq<OnnxPredict> calls, Seq<Attribute> results, Seq<Attribute> kept, SparkPlan child) {
    this.calls = calls;
    this.results = results;
    this.kept = kept;
    this.child = child;
  }

  public Seq<OnnxPredict> calls() {
    return calls;
  }

  @Override
  public SparkPlan child() {
    return child;
  }

  @Override
  public Seq<Attribute> output() {
    return Sequences.concat(kept, results);
  }

  @Override
  public AttributeSet producedAttributes() {
    return AttributeSet$.MODULE$.apply(Sequences.<Expression>seq(Sequences.list(results)));
  }

  @Override
  public Partitioning outputPartitioning() {
    return keptColumns().outputPartitioning();
  }

  @Override
  public Seq<SortOrder> outputOrdering() {
    return keptColumns().outputOrdering();
  }

  /** A projection knows what remains of partitioning and ordering without some columns. */
  private SparkPlan keptColumns() {
    return kept.equals(child.output())
        ? child
        : new ProjectExec(Sequences.<NamedExpression>seq(Sequences.list(kept)), child);
  }

  @Override
  public boolean supportsColumnar() {
    return child.supportsColumnar();
  }

  @Override
  public scala.collection.immutable.Map<String, SQLMetric> metrics() {
    scala.collection.immutable.Map<String, SQLMetric> all =
        scala.collection.immutable.Map$.MODULE$.empty();
    for (Map.Entry<String, SQLMetric> metric :
        taskMetrics().byName(devices().hasMetrics()).entrySet()) {
      all = all.$plus(Tuple2.apply(metric.getKey(), metric.getValue()));
    }
    return all;
  }

  private synchronized TaskMetrics taskMetrics() {
    if (taskMetrics == null) {
      taskMetrics = TaskMetrics.create(sparkContext(), devices().names());
    }
    return taskMetrics;
  }

  private EvalPlan plan() {
    EvalPlan plan =
        EvalPlan.of(
            Sequences.list(calls),
            Sequences.list(child.output()),
            Sequences.list(kept),
            model -> ShippedModel.ship(model, session()),
            devices()::decide,
            OnnxConf.of(conf()));
    OnnxTab.started(sparkContext(), execution());
    return plan;
  }

  /** What Spark's web UI is told. */
  private ModelExecution execution() {
    List<ModelCall> called = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      BoundCall call = calls.apply(i).call();
      called.add(
          new ModelCall(
              call.options().function(),
              call.model().fileName(),
              call.model().sha256(),
              devices().text(i)));
    }
    Map<String, Long> ids = new LinkedHashMap<>();
    taskMetrics().byName(true).forEach((name, metric) -> ids.put(name, metric.id()));
    String query = sparkContext().getLocalProperty(SQLExecution.EXECUTION_ID_KEY());
    return new ModelExecution(
        AccumulatorContext.newId(),
        query == null ? -1 : Long.parseLong(query),
        System.currentTimeMillis(),
        called,
        devices().names(),
        ids,
        taskMetrics().errors().id());
  }

  private synchronized CallDevices devices() {
    if (devices == null) {
      devices = new CallDevices(Sequences.list(calls), OnnxConf.of(conf()), sparkContext());
    }
    return devices;
  }

  /** Names of the devices that runs of the models were on. */
  List<String> ranOn() {
    return devices().ranOn(taskMetrics());
  }

  @Override
  public String verboseStringWithOperatorId() {
    OnnxConf settings = OnnxConf.of(conf());
    StringBuilder text = new StringBuilder("\n").append(formattedNodeName()).append('\n');
    text.append(ExplainUtils.generateFieldString("Input", child.output())).append('\n');
    text.append(ExplainUtils.generateFieldString("Results", results)).append('\n');
    for (int i = 0; i < calls.size(); i++) {
      for (String line :
          CallText.lines(calls.apply(i), results.apply(i), devices().text(i), settings)) {
        text.append(line).append('\n');
      }
    }
    return text.toString();
  }

  @Override
  public RDD<InternalRow> doExecute() {
    RDD<InternalRow> rows =
        child
            .execute()
            .mapPartitionsWithEvaluator(
                new RowEvaluatorFactory(plan(), taskMetrics()),
                ClassTag$.MODULE$.apply(InternalRow.class));
    return devices().withResources(rows);
  }

  @Override
  public RDD<ColumnarBatch> doExecuteColumnar() {
    RDD<ColumnarBatch> columns =
        child
            .executeColumnar()
            .mapPartitionsWithEvaluator(
                new ColumnEvaluatorFactory(plan(), taskMetrics()),
                ClassTag$.MODULE$.apply(ColumnarBatch.class));
    return devices().withResources(columns);
  }

  @Override
  public Seq<SparkPlan> children() {
    return Sequences.of(child);
  }

  @Override
  public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> newChildren) {
    return withNewChildInternal(newChildren.head());
  }

  @Override
  public SparkPlan withNewChildInternal(SparkPlan newChild) {
    return new OnnxEvalExec(calls, results, kept, newChild);
  }

  @Override
  public int productArity() {
    return 4;
  }

  @Override
  public Object productElement(int n) {
    return switch (n) {
      case 0 -> calls;
      case 1 -> results;
      case 2 -> kept;
      default -> child;
    };
  }

  @Override
  public boolean canEqual(Object that) {
    return that instanceof OnnxEvalExec;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OnnxEvalExec that
        && calls.equals(that.calls)
        && results.equals(that.results)
        && kept.equals(that.kept)
        && child.equals(that.child);
  }

  @Override
  public int hashCode() {
    return Objects.hash(calls, results, kept, child);
  }
}
