package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.gpu.spark.TestExecutorDevices;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Calls on a device that may hold weights as float16. */
@ExtendWith(SparkSessionExtension.class)
class DeviceFloat16PredictTest {
  /** Each weight, and the float16 that is nearest. */
  private static final float[] WEIGHTS = {1f / 3, -0.1f, 1000.3f};

  private static final float[] NEAREST = {0.333251953125f, -0.0999755859375f, 1000.5f};

  @TempDir static Path folder;

  private final SparkSession spark = SparkSessionExtension.session();

  @BeforeEach
  void allow() {
    TestExecutorDevices.require();
    TestExecutorDevices.useMemory(null);
    spark.sparkContext().conf().set(OnnxConf.GPU_FLOAT16, "true");
  }

  @AfterEach
  void forget() {
    spark.sparkContext().conf().remove(OnnxConf.GPU_FLOAT16);
  }

  private Dataset<Row> scored(String name, float[] weights, String device) {
    String file =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", 3)
            .floats("w", weights, 3, 1)
            .node("MatMul", List.of("x", "w"), List.of("y"))
            .output("y", ElementType.FLOAT, "N", 1)
            .write(folder, name);
    OnnxOptions options = OnnxOptions.NONE.device(device);
    return spark
        .range(0, 1000, 1, 2)
        .selectExpr("id", "transform(sequence(1, 3), i -> float(sin(id * i))) x")
        .select(col("id"), onnxPredict(OnnxModel.load(file), options, col("x")).as("y"));
  }

  @Test
  void weightsAreRoundedWhereTheApplicationAllowsIt() {
    List<Row> there = scored("weights.onnx", WEIGHTS, "gpu").collectAsList();
    assertThat(there).isEqualTo(scored("nearest.onnx", NEAREST, "cpu").collectAsList());
    assertThat(there).isNotEqualTo(scored("weights.onnx", WEIGHTS, "cpu").collectAsList());
  }
}
