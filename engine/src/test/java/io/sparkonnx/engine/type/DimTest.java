package io.sparkonnx.engine.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DimTest {
  private static final Dim N = Dim.symbol("n");
  private static final Dim S = Dim.symbol("s");

  @Test
  void equalPolynomialsAreEqualHoweverTheyWereMade() {
    Dim expanded = N.times(S).plus(N.times(2));
    assertThat(S.plus(2).times(N)).isEqualTo(expanded).hasSameHashCodeAs(expanded);
  }

  @Test
  void termsThatCancelLeaveAConstant() {
    assertThat(N.plus(7).minus(N)).isEqualTo(Dim.of(7));
  }

  @Test
  void dividesAPolynomialByAFactor() {
    assertThat(N.times(S).times(12).dividedExactlyBy(S.times(4))).isEqualTo(N.times(3));
  }

  @Test
  void dividesAPolynomialByAPolynomial() {
    Dim product = N.plus(3).times(S.plus(1));
    assertThat(product.dividedExactlyBy(S.plus(1))).isEqualTo(N.plus(3));
  }

  @Test
  void hasNoExactQuotientWhereThereIsARemainder() {
    assertThat(N.plus(1).dividedExactlyBy(N)).isNull();
    assertThat(N.dividedExactlyBy(Dim.of(2))).isNull();
    assertThat(N.dividedExactlyBy(Dim.ZERO)).isNull();
  }

  @Test
  void floorDivisionOfASymbolIsEvaluatedWhenBound() {
    Dim half = N.plus(1).floorDiv(2);
    assertThat(half.evaluate(Map.of("n", 8L)::get)).isEqualTo(4);
    assertThat(half.evaluate(Map.of("n", 9L)::get)).isEqualTo(5);
  }

  @Test
  void ceilDivisionRoundsUp() {
    assertThat(Dim.of(7).ceilDiv(2)).isEqualTo(Dim.of(4));
    assertThat(Dim.of(8).ceilDiv(2)).isEqualTo(Dim.of(4));
  }

  @Test
  void lengthsThatCannotBeSmallerAreNotTheLeast() {
    assertThat(N.plus(1).min(Dim.ONE)).isEqualTo(Dim.ONE);
    assertThat(N.plus(S).max(S)).isEqualTo(N.plus(S));
    Dim cut = N.min(Dim.of(5));
    assertThat(cut.min(Dim.of(5))).isEqualTo(cut);
    assertThat(N.min(cut)).isEqualTo(cut);
  }

  @Test
  void aCutLengthBroadcastAgainstTheWholeIsTheWhole() {
    assertThat(N.min(Dim.of(512)).broadcast(N)).isEqualTo(N);
    assertThat(N.broadcast(N.min(Dim.ONE))).isEqualTo(N);
    assertThat(N.min(Dim.of(999)).min(Dim.of(512)).broadcast(N)).isEqualTo(N);
    assertThat(N.min(S).min(Dim.of(512)).broadcast(N)).isNotEqualTo(N);
    assertThat(N.broadcast(S).broadcast(N)).isEqualTo(N.broadcast(S));
    assertThat(N.min(Dim.ZERO).broadcast(N)).isNotEqualTo(N);
  }

  @Test
  void minimumOfDimensionsAConstantApartIsKnown() {
    assertThat(N.min(N.plus(1))).isEqualTo(N);
    assertThat(N.max(N.plus(1))).isEqualTo(N.plus(1));
  }

  @Test
  void minimumOfUnrelatedDimensionsIsEvaluatedWhenBound() {
    assertThat(N.min(S).evaluate(Map.of("n", 3L, "s", 2L)::get)).isEqualTo(2);
  }

  @Test
  void broadcastTakesTheLengthThatIsNotOne() {
    assertThat(Dim.ONE.broadcast(N)).isEqualTo(N);
    assertThat(N.broadcast(Dim.ONE)).isEqualTo(N);
    assertThat(N.broadcast(Dim.of(5))).isEqualTo(Dim.of(5));
  }

  @Test
  void differentConstantsDoNotBroadcast() {
    assertThat(Dim.of(2).broadcast(Dim.of(3))).isNull();
  }

  @Test
  void broadcastOfSymbolsFailsWhenTheyTurnOutNotToFit() {
    Dim common = N.broadcast(S);
    assertThat(common.evaluate(Map.of("n", 1L, "s", 4L)::get)).isEqualTo(4);
    assertThatThrownBy(() -> common.evaluate(Map.of("n", 3L, "s", 4L)::get))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("3 and 4 do not broadcast");
  }

  @Test
  void aProductThatLeavesTheRangeOfLongIsRefused() {
    assertThatThrownBy(() -> Dim.of(Long.MAX_VALUE).times(2))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void substitutesInsideFunctions() {
    Dim rows = Dim.symbol("rows");
    Dim changed = N.plus(1).floorDiv(2).substitute(dim -> dim.equals(N) ? rows : dim);
    assertThat(changed.symbols()).containsExactly("rows");
  }

  @Test
  void isWrittenLikeAPolynomial() {
    assertThat(N.times(S).times(2).minus(N).plus(1)).hasToString("2*n*s - n + 1");
    assertThat(Dim.ZERO).hasToString("0");
  }
}
