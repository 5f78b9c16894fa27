package io.sparkonnx.spark;

import io.sparkonnx.spark.bind.OnnxPredictBuilder;
import io.sparkonnx.spark.plan.CheckCalls;
import io.sparkonnx.spark.plan.LiftOnnxPredict;
import io.sparkonnx.spark.plan.OnnxEvalStrategy;
import io.sparkonnx.spark.plan.OnnxPredict;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.SparkSessionExtensionsProvider;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import scala.Tuple3;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/** What this jar adds to every Spark session; found by its service file. */
public final class OnnxExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit>
    implements SparkSessionExtensionsProvider {
  /** SQL name of the function. */
  public static final String FUNCTION = "onnx_predict";

  private static final String USAGE =
      "_FUNC_(model, input, ...) - Runs the ONNX model on each row, in batches, and returns its"
          + " output.";

  private static final String ARGUMENTS =
      """

          Arguments:
            * model - the model file's path as a constant string, for Hadoop's file systems
            * input, ... - the model's inputs in its order; or one struct whose fields carry the
                inputs' names; or, for a model with one input [N, F], F numeric columns
      """;

  private static final String EXAMPLES =
      """

          Examples:
            > SELECT id, _FUNC_('hdfs:///models/churn.onnx', age, income) FROM customers;
             1  0.73
            > SELECT _FUNC_('m.onnx', named_struct('x', a, 'y', b)) FROM t;
             {"label":1,"probabilities":[0.2,0.8]}
      """;

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    ExpressionInfo info =
        new ExpressionInfo(
            OnnxPredict.class.getName(),
            null,
            FUNCTION,
            USAGE,
            ARGUMENTS,
            EXAMPLES,
            "",
            "misc_funcs",
            "4.2.0",
            "",
            "built-in");
    extensions.injectFunction(
        Tuple3.apply(new FunctionIdentifier(FUNCTION), info, new OnnxPredictBuilder()));
    extensions.injectCheckRule(session -> new CheckCalls());
    extensions.injectPreCBORule(session -> new LiftOnnxPredict());
    extensions.injectPlannerStrategy(session -> new OnnxEvalStrategy());
    return BoxedUnit.UNIT;
  }
}
