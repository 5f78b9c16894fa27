package io.sparkonnx.spark.bind;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.spark.OnnxConf;
import io.sparkonnx.spark.model.DriverModels;
import io.sparkonnx.spark.model.DriverModels.Analyzed;
import io.sparkonnx.spark.model.ModelAccess;
import io.sparkonnx.spark.plan.OnnxPredict;
import io.sparkonnx.spark.plan.Sequences;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction1;

/**
 * Makes the expression of {@code onnx_predict(model, arguments…[, options])}. The model is a
 * constant: its name or location, or a struct of {@code path} and {@code sha256}.
 */
public final class OnnxPredictBuilder extends AbstractFunction1<Seq<Expression>, Expression> {
  private final CallOptions defaults;

  /**
   * @param defaults what the function does without options
   */
  public OnnxPredictBuilder(CallOptions defaults) {
    this.defaults = defaults;
  }

  private static final String TASK_CPUS = "spark.task.cpus";

  private record Asked(String path, String sha256) {}

  @Override
  public Expression apply(Seq<Expression> expressions) {
    SparkSession session = SparkSession.active();
    SQLConf conf = session.sessionState().conf();
    OnnxConf.check(conf, session.sparkContext().getConf());
    List<Expression> arguments = Sequences.list(expressions);
    if (arguments.isEmpty()) {
      throw OnnxCondition.ONNX_ARGUMENTS.raise(usage() + "; nothing is given");
    }
    Positions.require(
        defaults.function(), arguments, "inputs bind by name in a struct: named_struct('%s', …)");
    Asked asked = asked(arguments.get(0));
    if (arguments.size() == 1) {
      throw OnnxCondition.ONNX_ARGUMENTS.raise(
          defaults.call(asked.path()) + " has no arguments after the model");
    }
    OptionsArgument split = OptionsArgument.split(defaults, arguments.subList(1, arguments.size()));
    checkThreads(split.options(), session.sparkContext().getConf().getInt(TASK_CPUS, 1));
    Analyzed model = analyze(asked, session);
    checkInputs(asked, split.inputs(), model);
    CallBinder.Bound bound =
        new CallBinder(model, split.options(), OnnxConf.of(conf), conf.caseSensitiveAnalysis())
            .bind(split.inputs());
    return OnnxPredict.of(bound.call(), bound.arguments());
  }

  /** Refuses more threads than a task has cores. */
  private void checkThreads(CallOptions options, int cores) {
    if (options.threads() > cores) {
      throw OnnxCondition.ONNX_OPTIONS.raise(
          defaults.function()
              + ": option threads is "
              + options.threads()
              + ", but a task has "
              + cores
              + (cores == 1 ? " core, which " : " cores, which ")
              + TASK_CPUS
              + " sets for the application");
    }
  }

  /** Refuses options where the inputs should be. */
  private void checkInputs(Asked asked, List<Expression> inputs, Analyzed model) {
    if (inputs.size() == 1
        && OptionsArgument.holdsOnlyOptions(inputs.get(0))
        && model.signature().inputs().stream().noneMatch(p -> CallOption.of(p.name()) != null)) {
      throw OnnxCondition.ONNX_ARGUMENTS.raise(
          defaults.call(asked.path()) + " has options but no arguments for the model's inputs");
    }
  }

  private String usage() {
    return defaults.function() + "(model, arguments…) needs the model's path as a constant string";
  }

  private Analyzed analyze(Asked asked, SparkSession session) {
    try {
      return DriverModels.analyze(asked.path(), asked.sha256(), ModelAccess.of(session));
    } catch (OnnxException e) {
      throw OnnxCondition.ONNX_MODEL.raise(defaults.call(asked.path()) + ": " + e.getMessage(), e);
    }
  }

  private Asked asked(Expression argument) {
    Expression model = argument instanceof Alias alias ? alias.child() : argument;
    if (!model.foldable()) {
      throw OnnxCondition.ONNX_MODEL_NOT_CONSTANT.raise(usage() + ", not " + model.sql());
    }
    Object value = model.eval(InternalRow.empty());
    if (model.dataType() instanceof StringType && value instanceof UTF8String path) {
      return new Asked(path.toString(), null);
    }
    if (isPinned(model) && value instanceof InternalRow row && !row.anyNull()) {
      return new Asked(row.getUTF8String(0).toString(), row.getUTF8String(1).toString());
    }
    throw OnnxCondition.ONNX_MODEL_NOT_CONSTANT.raise(
        usage() + ", not " + model.sql() + " of type " + model.dataType().sql());
  }

  private static boolean isPinned(Expression model) {
    return model.dataType() instanceof StructType type
        && List.of(type.fieldNames()).equals(List.of("path", "sha256"))
        && type.fields()[0].dataType() instanceof StringType
        && type.fields()[1].dataType() instanceof StringType;
  }
}
