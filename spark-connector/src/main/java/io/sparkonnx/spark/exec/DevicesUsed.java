package io.sparkonnx.spark.exec;

import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.execution.CommandResultExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import org.apache.spark.sql.execution.adaptive.QueryStageExec;
import scala.jdk.javaapi.CollectionConverters;

/** Where the models of a query ran. */
public final class DevicesUsed {
  private DevicesUsed() {}

  /**
   * Names of the devices on which a plan that was executed has run models, {@code cpu} among them
   * where some ran there. Empty where no model ran.
   */
  public static Set<String> of(SparkPlan executed) {
    Set<String> names = new TreeSet<>();
    collect(executed, names);
    return names;
  }

  private static void collect(SparkPlan plan, Set<String> names) {
    if (plan instanceof CommandResultExec result) {
      collect(result.commandPhysicalPlan(), names);
    } else if (plan instanceof AdaptiveSparkPlanExec adaptive) {
      collect(adaptive.executedPlan(), names);
    } else if (plan instanceof QueryStageExec stage) {
      collect(stage.plan(), names);
    } else {
      if (plan instanceof OnnxEvalExec eval) {
        names.addAll(eval.ranOn());
      }
      CollectionConverters.asJava(plan.children()).forEach(child -> collect(child, names));
    }
  }
}
