package io.sparkonnx.spark;

import io.sparkonnx.spark.bind.CallOptions;
import io.sparkonnx.spark.bind.OnnxPredictBuilder;
import io.sparkonnx.spark.image.OnnxImageBuilder;
import io.sparkonnx.spark.plan.CheckCalls;
import io.sparkonnx.spark.plan.CheckViews;
import io.sparkonnx.spark.plan.LiftOnnxPredict;
import io.sparkonnx.spark.plan.OnnxEvalStrategy;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.SparkSessionExtensionsProvider;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import scala.Tuple3;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/** What this jar adds to every Spark session; found by its service file. */
public final class OnnxExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit>
    implements SparkSessionExtensionsProvider {
  /** SQL name of the function that runs a model. */
  public static final String FUNCTION = "onnx_predict";

  /** SQL name of the function that gives NULL for bad rows. */
  public static final String TRY_FUNCTION = "try_onnx_predict";

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    OnnxConf.registerApplicationKeys();
    register(extensions, CallOptions.STRICT, FunctionTexts.PREDICT);
    register(extensions, CallOptions.LENIENT, FunctionTexts.TRY_PREDICT);
    OnnxImageBuilder.register(extensions);
    extensions.injectCheckRule(session -> new CheckCalls());
    extensions.injectCheckRule(session -> new CheckViews());
    extensions.injectPreCBORule(session -> new LiftOnnxPredict());
    extensions.injectPlannerStrategy(session -> new OnnxEvalStrategy());
    return BoxedUnit.UNIT;
  }

  private static void register(
      SparkSessionExtensions extensions, CallOptions defaults, FunctionTexts texts) {
    extensions.injectFunction(
        Tuple3.apply(
            new FunctionIdentifier(defaults.function()),
            texts.info(defaults.function()),
            new OnnxPredictBuilder(defaults)));
  }
}
