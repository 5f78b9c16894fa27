package io.sparkonnx.engine.op.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.math.Numbers;
import io.sparkonnx.engine.op.tensor.OneOperator;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NormalizationTest {
  private static final double CLOSE = 2e-5;

  private static Tensor vector(float... values) {
    return Tensor.of(values, values.length);
  }

  private static void assertFloatsAsDoubles(OneOperator operator, Tensor... inputs) {
    Tensor actual = operator.run(inputs);
    Tensor expected =
        operator.run(Arrays.stream(inputs).map(Numbers::doubles).toArray(Tensor[]::new));
    assertThat(actual.dims()).isEqualTo(expected.dims());
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.doubleAt(i)).isCloseTo(expected.doubleAt(i), within(CLOSE));
    }
  }

  @Test
  void batchNormalizationAppliesItsStatisticsPerChannel() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 1, 2, 2);
    Tensor y =
        OneOperator.of("BatchNormalization", 15)
            .with("epsilon", 0f)
            .run(x, vector(1, 2), vector(0, 1), vector(1, 3), vector(4, 1));
    assertThat(((FloatTensor) y).toArray()).containsExactly(0, 0.5f, 1, 3);
  }

  @Test
  void batchNormalizationOfLongAndShortPlanesFollowsTheFormula() {
    Tensor variance = vector(0.5f, 2, 1);
    Tensor others = Numbers.random(2, 3);
    OneOperator norm = OneOperator.of("BatchNormalization", 9);
    assertFloatsAsDoubles(norm, Numbers.random(1, 2, 3, 17, 5), others, others, others, variance);
    assertFloatsAsDoubles(norm, Numbers.random(1, 7, 3), others, others, others, variance);
  }

  @Test
  void batchNormalizationOfEachFeatureBeforeOpsetNine() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 1, 2);
    Tensor y =
        OneOperator.of("BatchNormalization", 7)
            .with("spatial", 0L)
            .with("epsilon", 0f)
            .run(x, vector(1, 10), vector(0, 0), vector(1, 2), vector(1, 1));
    assertThat(((FloatTensor) y).toArray()).containsExactly(0, 0, 2, 20);
  }

  @Test
  void batchNormalizationRefusesToTrain() {
    assertThatThrownBy(
            () -> OneOperator.of("BatchNormalization", 15).with("training_mode", 1L).operator())
        .hasMessageContaining("training is not supported");
    assertThatThrownBy(() -> OneOperator.of("BatchNormalization", 7).outputs(5).operator())
        .hasMessageContaining("training is not supported");
  }

  @Test
  void batchNormalizationRefusesStatisticsOfAnotherLength() {
    assertThatThrownBy(
            () ->
                OneOperator.of("BatchNormalization", 15)
                    .run(
                        Numbers.random(1, 1, 3, 4),
                        vector(1, 2),
                        vector(1, 2),
                        vector(1, 2),
                        vector(1, 2)))
        .hasMessageContaining("input 1 has shape [2], expected [3] for X of shape [1, 3, 4]");
  }

  @Test
  void instanceNormalizationNormalizesEachChannel() {
    assertFloatsAsDoubles(
        OneOperator.of("InstanceNormalization", 6),
        Numbers.random(1, 2, 3, 17, 4),
        Numbers.random(2, 3),
        Numbers.random(3, 3));
  }

  @Test
  void groupNormalizationScalesGroupsBeforeOpset21AndChannelsAfter() {
    Tensor x = Numbers.random(1, 2, 6, 5, 3);
    assertFloatsAsDoubles(
        OneOperator.of("GroupNormalization", 18).with("num_groups", 2L),
        x,
        Numbers.random(2, 2),
        Numbers.random(3, 2));
    assertFloatsAsDoubles(
        OneOperator.of("GroupNormalization", 21).with("num_groups", 2L),
        x,
        Numbers.random(2, 6),
        Numbers.random(3, 6));
  }

  @Test
  void groupNormalizationRefusesGroupsThatDoNotDivide() {
    assertThatThrownBy(
            () ->
                OneOperator.of("GroupNormalization", 21)
                    .with("num_groups", 4L)
                    .run(Numbers.random(1, 1, 6, 2), Numbers.random(2, 6), Numbers.random(3, 6)))
        .hasMessageContaining("4 groups do not divide 6 channels");
  }

  @Test
  void layerNormalizationGivesMeanAndInverseDeviation() {
    Tensor x = Tensor.of(new float[] {1, 3, 5, 5}, 2, 2);
    List<OnnxValue> outputs =
        OneOperator.of("LayerNormalization", 17)
            .with("epsilon", 0.25f)
            .outputs(3)
            .all(x, vector(1, 1));
    assertThat(((FloatTensor) outputs.get(1)).toArray()).containsExactly(2, 5);
    assertThat(((FloatTensor) outputs.get(2)).toArray())
        .containsExactly((float) (1 / Math.sqrt(1.25)), 2);
    assertThat(((Tensor) outputs.get(1)).dims()).containsExactly(2, 1);
  }

  @Test
  void layerNormalizationNormalizesAllAxesFromOneOn() {
    OneOperator norm = OneOperator.of("LayerNormalization", 17).with("axis", 1L);
    Tensor x = Numbers.random(1, 3, 17, 5);
    assertFloatsAsDoubles(norm, x, Numbers.random(2, 17, 5), Numbers.random(3, 17, 5));
  }

  @Test
  void layerNormalizationBroadcastsItsScale() {
    OneOperator norm = OneOperator.of("LayerNormalization", 17).with("axis", 1L);
    Tensor x = Numbers.random(1, 3, 4, 5);
    assertFloatsAsDoubles(norm, x, Numbers.random(2, 5), Numbers.random(3, 4, 1));
  }

  @Test
  void layerNormalizationRefusesAScalePerRow() {
    assertThatThrownBy(
            () ->
                OneOperator.of("LayerNormalization", 17)
                    .run(Numbers.random(1, 3, 5), Numbers.random(2, 3, 1)))
        .hasMessageContaining("input 1 of shape [3, 1] does not broadcast to axes 1 to 1");
  }

  @Test
  void rmsNormalizationDividesByTheRootMeanSquare() {
    assertFloatsAsDoubles(
        OneOperator.of("RMSNormalization", 23), Numbers.random(1, 3, 17), Numbers.random(2, 17));
  }

  @Test
  void lrnSumsNeighbouringChannels() {
    OneOperator even = OneOperator.of("LRN", 13).with("size", 4L).with("alpha", 0.1f);
    OneOperator odd = OneOperator.of("LRN", 13).with("size", 3L).with("bias", 2f);
    assertFloatsAsDoubles(even, Numbers.random(1, 2, 7, 3, 5));
    assertFloatsAsDoubles(odd, Numbers.random(1, 2, 1, 4));
  }

  @Test
  void lpNormalizationLeavesZerosAlone() {
    Tensor x = Tensor.of(new float[] {3, 0, 4, 0}, 2, 2);
    OneOperator norm = OneOperator.of("LpNormalization", 1).with("axis", 0L);
    assertThat(((FloatTensor) norm.run(x)).toArray()).containsExactly(0.6f, 0, 0.8f, 0);
  }

  @Test
  void meanVarianceNormalizationCentresEachChannel() {
    assertFloatsAsDoubles(
        OneOperator.of("MeanVarianceNormalization", 13), Numbers.random(1, 2, 3, 4, 5));
  }

  @Test
  void normalizationAlongTheBatchIsCoupled() {
    ValueInfo x =
        ValueInfo.of(ElementType.FLOAT, Shape.of(Dim.symbol("n"), Dim.of(3), Dim.of(4), Dim.of(5)));
    List<BatchAxis> rows = List.of(BatchAxis.rows(0));
    assertThat(OneOperator.of("MeanVarianceNormalization", 13).batch(rows, x).kind())
        .isEqualTo(BatchAxis.Kind.COUPLED);
    assertThat(
            OneOperator.of("MeanVarianceNormalization", 13)
                .with("axes", new long[] {1, -1})
                .batch(rows, x))
        .isEqualTo(BatchAxis.rows(0));
    assertThat(OneOperator.of("LpNormalization", 1).with("axis", 0L).batch(rows, x).kind())
        .isEqualTo(BatchAxis.Kind.COUPLED);
  }
}
