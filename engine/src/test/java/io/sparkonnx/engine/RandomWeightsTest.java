package io.sparkonnx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.sparkonnx.engine.Signature.Port;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The image networks with random weights against an independent runtime: with constant weights a
 * permuted channel would pass.
 */
class RandomWeightsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "light_bvlc_alexnet",
        "light_densenet121",
        "light_inception_v1",
        "light_resnet50",
        "light_squeezenet",
        "light_zfnet512"
      })
  void agreesWithAnIndependentRuntime(String name) throws Exception {
    Path file = ConformanceData.folder("light").resolve(name).resolve("model.onnx");
    byte[] bytes = RandomWeights.of(file, 11);
    try (Model model = Model.load(bytes, LoadOptions.DEFAULT);
        Session session = model.newSession()) {
      Port input = model.signature().inputs().get(0);
      int[] dims = ((TensorType) input.type()).shape().evaluate(symbol -> 1);
      float[] image = new float[Tensor.sizeOf(dims)];
      Random random = new Random(3);
      for (int i = 0; i < image.length; i++) {
        image[i] = (float) random.nextGaussian();
      }
      Map<String, OnnxValue> outputs = session.run(Map.of(input.name(), Tensor.of(image, dims)));
      float[] actual = ((FloatTensor) outputs.values().iterator().next()).toArray();
      assertClose(actual, expected(bytes, input.name(), image, dims));
    }
  }

  private static float[] expected(byte[] bytes, String input, float[] image, int[] dims)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = LongStream.of(Arrays.stream(dims).asLongStream().toArray()).toArray();
    try (OrtSession session = environment.createSession(bytes);
        OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(image), shape);
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] values = new float[buffer.remaining()];
      buffer.get(values);
      return values;
    }
  }

  /** Within a thousandth of the largest value: sums of thousands of products in another order. */
  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    double[] distinct = new double[expected.length];
    for (int i = 0; i < expected.length; i++) {
      distinct[i] = expected[i];
      assertThat((double) actual[i])
          .as("element %d", i)
          .isCloseTo(expected[i], org.assertj.core.data.Offset.offset(1e-3 * largest));
    }
    assertThat(Arrays.stream(distinct).distinct().count())
        .as("outputs are not all alike")
        .isGreaterThan(expected.length / 4);
  }
}
