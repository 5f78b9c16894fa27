package io.sparkonnx.engine.op.math;

import static io.sparkonnx.engine.tensor.ElementType.BFLOAT16;
import static io.sparkonnx.engine.tensor.ElementType.DOUBLE;
import static io.sparkonnx.engine.tensor.ElementType.FLOAT;
import static io.sparkonnx.engine.tensor.ElementType.FLOAT16;
import static io.sparkonnx.engine.tensor.ElementType.INT32;
import static io.sparkonnx.engine.tensor.ElementType.INT8;
import static io.sparkonnx.engine.tensor.ElementType.UINT64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkonnx.engine.op.tensor.OneOperator;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnaryTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  private static double apply(OneOperator operator, ElementType type, double x) {
    return operator.run(Numbers.vector(type, x)).doubleAt(0);
  }

  /** Expectations computed with 40 digits. */
  @ParameterizedTest
  @CsvSource({
    "Exp, 13, 0.75, 2.117000016612674668545369819",
    "Log, 13, 0.75, -0.2876820724517809274392190059",
    "Sin, 7, 0.75, 0.6816387600233341732941086441",
    "Cos, 7, 0.75, 0.7316888688738209043022361136",
    "Tan, 7, 0.75, 0.9315964599440724611652030204",
    "Asin, 7, 0.75, 0.8480620789814810080529457384",
    "Acos, 7, 0.75, 0.7227342478134156111783773526",
    "Atan, 7, 0.75, 0.6435011087932843868028092287",
    "Sinh, 9, 0.75, 0.8223167319358299807036616345",
    "Cosh, 9, 0.75, 1.294683284676844687841708186",
    "Tanh, 13, 0.75, 0.6351489523872873192126540440",
    "Asinh, 9, 0.75, 0.6931471805599453094172321215",
    "Acosh, 9, 1.75, 1.158810360429946811730872991",
    "Atanh, 9, 0.75, 0.9729550745276566525526763718",
    "Erf, 13, 0.75, 0.7111556336535151315989378345",
    "Sqrt, 13, 0.75, 0.8660254037844386467637231707",
    "Reciprocal, 13, 0.75, 1.333333333333333333333333333",
    "Sigmoid, 13, 0.75, 0.6791786991753929731596801158",
    "Softplus, 1, 0.75, 1.136871006114899943669840269",
    "Softsign, 1, 0.75, 0.4285714285714285714285714286",
    "Mish, 18, 0.75, 0.6100183352182933943446066921",
    "Gelu, 20, 0.75, 0.5800294857173488505047033730",
    "HardSwish, 14, 0.75, 0.46875",
    "Swish, 24, 0.75, 0.5093840243815447298697600868"
  })
  void valuesAreExactToTheTypesPrecision(String type, int opset, double x, double expected) {
    OneOperator operator = OneOperator.of(type, opset);
    assertThat(apply(operator, DOUBLE, x)).isCloseTo(expected, within(4e-15));
    assertThat(apply(operator, FLOAT, x)).isCloseTo(expected, within(3e-7));
    assertThat(apply(operator, FLOAT16, x)).isCloseTo(expected, within(1e-3));
    assertThat(apply(operator, BFLOAT16, x)).isCloseTo(expected, within(8e-3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "DOUBLE", "FLOAT16", "BFLOAT16"})
  void nanStaysNan(ElementType type) {
    for (UnaryRow row : UnaryRow.values()) {
      Tensor y = OneOperator.of(spelled(row), 24).run(Numbers.vector(type, NAN));
      assertThat(y.doubleAt(0)).as(row.name()).isNaN();
    }
  }

  private static String spelled(UnaryRow row) {
    StringBuilder name = new StringBuilder();
    for (String word : row.name().split("_")) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
    }
    return name.toString().replace("GeluTanh", "Gelu").replace("Prelu", "PRelu");
  }

  @Test
  void parametersComeFromAttributesOrTheirDefaults() {
    assertThat(apply(OneOperator.of("LeakyRelu", 16), DOUBLE, -2)).isEqualTo(-2 * 0.01f);
    assertThat(apply(OneOperator.of("LeakyRelu", 6).with("alpha", 0.5f), FLOAT, -2)).isEqualTo(-1);
    assertThat(apply(OneOperator.of("ThresholdedRelu", 10), FLOAT, 1)).isZero();
    assertThat(apply(OneOperator.of("ThresholdedRelu", 10).with("alpha", 0.5f), FLOAT, 1)).isOne();
    assertThat(apply(OneOperator.of("HardSigmoid", 6), DOUBLE, 1)).isEqualTo((double) 0.2f + 0.5f);
    assertThat(apply(OneOperator.of("HardSigmoid", 6).with("beta", 1f), FLOAT, 3)).isOne();
    assertThat(apply(OneOperator.of("Elu", 6).with("alpha", 2f), FLOAT, -INF)).isEqualTo(-2);
    assertThat(apply(OneOperator.of("Celu", 12).with("alpha", 2f), FLOAT, -INF)).isEqualTo(-2);
    assertThat(apply(OneOperator.of("Swish", 24).with("alpha", 0f), FLOAT, 3)).isEqualTo(1.5);
  }

  @Test
  void seluHadOtherDefaultsBeforeOpset6() {
    assertThat(apply(OneOperator.of("Selu", 1), FLOAT, 1)).isEqualTo(1.0507f);
    assertThat(apply(OneOperator.of("Selu", 6), FLOAT, 1)).isEqualTo(1.05070102214813232421875);
    assertThat(apply(OneOperator.of("Selu", 6).with("gamma", 3f), FLOAT, 1)).isEqualTo(3);
  }

  @Test
  void geluIsExactOrApproximateByTanh() {
    double tanh = apply(OneOperator.of("Gelu", 20).with("approximate", "tanh"), DOUBLE, 1);
    assertThat(tanh).isCloseTo(0.841191990608276, within(1e-14));
    assertThat(apply(OneOperator.of("Gelu", 20), DOUBLE, 1))
        .isCloseTo(0.841344746068543, within(1e-14));
    assertThatThrownBy(() -> OneOperator.of("Gelu", 20).with("approximate", "x").operator())
        .hasMessage("Gelu 'it': approximate is 'x', expected none or tanh");
  }

  @Test
  void integersKeepTheirType() {
    Tensor x = Numbers.vector(INT8, -128, -3, 0, 5);
    assertThat(Numbers.longs(OneOperator.of("Abs", 13).run(x))).containsExactly(-128, 3, 0, 5);
    assertThat(Numbers.longs(OneOperator.of("Neg", 13).run(x))).containsExactly(-128, 3, 0, -5);
    assertThat(Numbers.longs(OneOperator.of("Sign", 13).run(x))).containsExactly(-1, -1, 0, 1);
    assertThat(Numbers.longs(OneOperator.of("Relu", 14).run(x))).containsExactly(0, 0, 0, 5);
    assertThat(Numbers.longs(OneOperator.of("Sign", 13).run(Numbers.bits(UINT64, -1L, 0))))
        .containsExactly(1, 0);
  }

  @Test
  void roundTakesHalvesToEven() {
    Tensor x = Numbers.vector(DOUBLE, 0.5, 1.5, 2.5, -0.5, -1.5, 2.4);
    assertThat(Numbers.read(OneOperator.of("Round", 11).run(x)))
        .containsExactly(0, 2, 2, -0.0, -2, 2);
  }

  @Test
  void theErrorFunctionReachesItsLimits() {
    OneOperator erf = OneOperator.of("Erf", 13);
    assertThat(apply(erf, DOUBLE, 3)).isCloseTo(0.999977909503001414558627, within(2e-15));
    assertThat(apply(erf, DOUBLE, 5.9)).isEqualTo(1);
    assertThat(apply(erf, DOUBLE, -INF)).isEqualTo(-1);
    assertThat(apply(erf, DOUBLE, 1e-300)).isEqualTo(1e-300 * 1.1283791670955126);
  }

  @Test
  void inverseHyperbolicFunctionsHoldFarOutAndNearZero() {
    assertThat(apply(OneOperator.of("Asinh", 9), DOUBLE, 1e300))
        .isCloseTo(691.468675078773650501, within(1e-12));
    assertThat(apply(OneOperator.of("Asinh", 9), DOUBLE, -1e-20)).isEqualTo(-1e-20);
    assertThat(apply(OneOperator.of("Acosh", 9), DOUBLE, 1)).isZero();
    assertThat(apply(OneOperator.of("Acosh", 9), DOUBLE, 0.5)).isNaN();
    assertThat(apply(OneOperator.of("Atanh", 9), DOUBLE, -1)).isEqualTo(-INF);
    assertThat(apply(OneOperator.of("Atanh", 9), FLOAT, 2)).isNaN();
  }

  @Test
  void longTensorsGoThroughManyBlocks() {
    double[] elements = new double[4097];
    java.util.Arrays.setAll(elements, i -> i % 50 - 25);
    double[] expected = new double[4097];
    java.util.Arrays.setAll(expected, i -> Math.max(0, elements[i]));
    assertThat(Numbers.read(OneOperator.of("Relu", 14).run(Numbers.vector(FLOAT16, elements))))
        .isEqualTo(expected);
    assertThat(Numbers.read(OneOperator.of("Relu", 14).run(Numbers.vector(FLOAT, elements))))
        .isEqualTo(expected);
  }

  @Test
  void clipHasAttributesBeforeOpset11() {
    Tensor x = Numbers.vector(FLOAT, -5, 0, 5, NAN);
    OneOperator clip = OneOperator.of("Clip", 6).with("min", -1f).with("max", 2f);
    assertThat(Numbers.read(clip.run(x))).containsExactly(-1, 0, 2, NAN);
    assertThat(Numbers.read(OneOperator.of("Clip", 6).run(Numbers.vector(FLOAT, INF))))
        .containsExactly(Float.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "DOUBLE", "FLOAT16", "BFLOAT16", "INT8", "INT32", "INT64"})
  void clipTakesItsBoundsFromInputs(ElementType type) {
    Tensor x = Numbers.vector(type, -5, 0, 5);
    Tensor low = Numbers.of(type, new int[] {}, -1);
    Tensor high = Numbers.of(type, new int[] {}, 2);
    OneOperator clip = OneOperator.of("Clip", 13);
    assertThat(Numbers.read(clip.run(x, low, high))).containsExactly(-1, 0, 2);
    assertThat(Numbers.read(clip.run(x, null, high))).containsExactly(-5, 0, 2);
    assertThat(Numbers.read(clip.run(x, low))).containsExactly(-1, 0, 5);
    assertThat(Numbers.read(clip.run(x))).containsExactly(-5, 0, 5);
    assertThat(Numbers.read(clip.run(x, high, low))).containsExactly(-1, -1, -1);
  }

  @Test
  void clipComparesUnsigned64BitIntegersAsSuch() {
    Tensor low = Numbers.bits(UINT64, 5).reshaped();
    Tensor high = Numbers.bits(UINT64, -5L).reshaped();
    assertThat(
            Numbers.longs(OneOperator.of("Clip", 13).run(Numbers.bits(UINT64, 1, -1), low, high)))
        .containsExactly(5, -5);
  }

  @Test
  void integersAreRefusedWhereTheSpecHasNone() {
    assertThatThrownBy(() -> OneOperator.of("Exp", 13).infer(ValueInfo.of(INT32, Shape.of(1))))
        .hasMessage("Exp 'it': input 0 is int32, expected a floating-point type");
  }
}
