package io.sparkonnx.spark.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.gpu.placement.DevicePolicy;
import io.sparkonnx.gpu.placement.DeviceSetting;
import io.sparkonnx.gpu.placement.FailedDevice;
import io.sparkonnx.gpu.placement.MissingDevice;
import io.sparkonnx.spark.SparkSessionExtension;
import io.sparkonnx.spark.TestModel;
import io.sparkonnx.spark.bind.BoundCall;
import io.sparkonnx.spark.bind.CallOptions;
import io.sparkonnx.spark.bind.InputSlot;
import io.sparkonnx.spark.device.Placement;
import io.sparkonnx.spark.model.CacheReport;
import io.sparkonnx.spark.model.CompiledModels;
import io.sparkonnx.spark.model.DriverModels;
import io.sparkonnx.spark.model.ModelAccess;
import io.sparkonnx.spark.model.ModelReference;
import io.sparkonnx.spark.model.ShippedModel;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a call holds within a task. */
@ExtendWith(SparkSessionExtension.class)
class CallRunnerTest {
  private static final Placement CPU =
      new Placement(
          false, false, new DevicePolicy(DeviceSetting.CPU, MissingDevice.FAIL, FailedDevice.FAIL));

  @TempDir Path folder;

  /** A call with an input for which there is no buffer, since columns have no such elements. */
  private static CallPlan withoutBuffer(ModelReference model, ShippedModel shipped) {
    InputSlot slot =
        new InputSlot("x", ElementType.COMPLEX64, List.of(1), 0, 1, false, false, InputSlot.NONE);
    BoundCall call =
        new BoundCall(
            model, List.of(slot), List.of(), false, CallOptions.STRICT, false, false, null);
    return new CallPlan(
        0, call, 10, false, CPU, shipped, List.of(DataTypes.FloatType), List.of("x"), List.of(0));
  }

  private static void open(CallPlan plan, TaskMetrics metrics) {
    TaskContext task = TaskContext.get();
    try (TaskMemory memory = new TaskMemory(task, metrics)) {
      assertThatThrownBy(() -> new CallRunner(plan, false, task, metrics, memory))
          .isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void aCallThatCannotStartHoldsNoModel(SparkSession spark) {
    String path =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", 1)
            .node("Identity", List.of("x"), List.of("leaves_no_lease"))
            .output("leaves_no_lease", ElementType.FLOAT, "N", 1)
            .write(folder, "m.onnx");
    var session = (org.apache.spark.sql.classic.SparkSession) spark;
    ModelReference model = DriverModels.analyze(path, null, ModelAccess.of(session)).reference();
    CallPlan plan = withoutBuffer(model, ShippedModel.ship(model, session));
    TaskMetrics metrics = TaskMetrics.create(spark.sparkContext(), List.of());
    spark.range(0, 1, 1, 1).javaRDD().foreachPartition(rows -> open(plan, metrics));
    assertThat(CompiledModels.report().models())
        .filteredOn(held -> held.sha256().equals(model.sha256()))
        .extracting(CacheReport.Held::users)
        .containsOnly(0);
  }
}
