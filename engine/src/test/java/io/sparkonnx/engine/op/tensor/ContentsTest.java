package io.sparkonnx.engine.op.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What exporters compute about shapes, followed symbolically. */
class ContentsTest {
  private static final Dim BATCH = Dim.symbol("batch");
  private static final Dim SEQ = Dim.symbol("seq");

  private static ValueInfo floats(Dim... dims) {
    return ValueInfo.of(ElementType.FLOAT, Shape.of(dims));
  }

  private static ValueInfo longs(long... values) {
    return ValueInfo.ofConstant(Tensor.of(values, values.length));
  }

  private static ValueInfo scalar(long value) {
    return ValueInfo.ofConstant(Tensor.of(new long[] {value}));
  }

  private static ValueInfo contents(Dim... dims) {
    return ValueInfo.ofContents(ElementType.INT64, false, List.of(dims));
  }

  private static Shape reshaped(ValueInfo input, ValueInfo shape) {
    return OneOperator.of("Reshape", 13).infer(input, shape).shape();
  }

  @Test
  void aReshapeTargetIsBuiltFromTheShapeOfItsInput() {
    ValueInfo input = floats(BATCH, SEQ, Dim.of(2), Dim.of(8));
    ValueInfo shape = OneOperator.of("Shape", 13).infer(input);
    ValueInfo batch = OneOperator.of("Gather", 13).infer(shape, scalar(0));
    ValueInfo wrapped = OneOperator.of("Unsqueeze", 13).infer(batch, longs(0));
    ValueInfo target =
        OneOperator.of("Concat", 13).with("axis", 0L).infer(wrapped, longs(-1), longs(8));
    assertThat(reshaped(input, target)).isEqualTo(Shape.of(BATCH, SEQ.times(2), Dim.of(8)));
  }

  @Test
  void reshapeDividesSymbolsExactly() {
    Dim size = BATCH.times(32);
    assertThat(reshaped(floats(size), longs(-1, 4, 8)))
        .isEqualTo(Shape.of(BATCH, Dim.of(4), Dim.of(8)));
    assertThat(reshaped(floats(BATCH, SEQ, Dim.of(6)), longs(0, -1)))
        .isEqualTo(Shape.of(BATCH, SEQ.times(6)));
  }

  @Test
  void reshapeOfAnUnknownShapeKnowsItsRank() {
    ValueInfo unknown = ValueInfo.of(ElementType.FLOAT, Shape.UNKNOWN);
    Shape shape = reshaped(unknown, longs(-1, 4));
    assertThat(shape.rank()).isEqualTo(2);
    assertThat(shape.dim(1)).isEqualTo(Dim.of(4));
  }

  @Test
  void reshapeToAnUnknownTargetKnowsItsRank() {
    ValueInfo target = ValueInfo.of(ElementType.INT64, Shape.of(3));
    assertThat(reshaped(floats(BATCH), target).rank()).isEqualTo(3);
  }

  @Test
  void slicesOfAShapeKeepTheirElements() {
    ValueInfo shape = OneOperator.of("Shape", 13).infer(floats(BATCH, SEQ, Dim.of(7)));
    ValueInfo tail = OneOperator.of("Slice", 13).infer(shape, longs(1), longs(Long.MAX_VALUE));
    ValueInfo reversed =
        OneOperator.of("Slice", 13)
            .infer(shape, longs(-1), longs(Long.MIN_VALUE), longs(0), longs(-2));
    assertThat(tail.contents()).containsExactly(SEQ, Dim.of(7));
    assertThat(reversed.contents()).containsExactly(Dim.of(7), BATCH);
  }

  @Test
  void shapeTakesARangeOfAxes() {
    ValueInfo shape =
        OneOperator.of("Shape", 15)
            .with("start", -2L)
            .with("end", -1L)
            .infer(floats(BATCH, SEQ, Dim.of(7)));
    assertThat(shape.contents()).containsExactly(SEQ);
  }

  @Test
  void sizeIsTheProduct() {
    assertThat(OneOperator.of("Size", 13).infer(floats(BATCH, Dim.of(3))).contents())
        .containsExactly(BATCH.times(3));
  }

  @Test
  void constantOfShapeHasASymbolicShape() {
    ValueInfo made = OneOperator.of("ConstantOfShape", 9).infer(contents(BATCH, SEQ));
    assertThat(made.shape()).isEqualTo(Shape.of(BATCH, SEQ));
  }

  @Test
  void constantOfShapeFollowsSmallIntegers() {
    ValueInfo made =
        OneOperator.of("ConstantOfShape", 9)
            .with("value", Tensor.of(new long[] {-1}, 1))
            .infer(longs(3));
    assertThat(made.constantContents()).containsExactly(-1, -1, -1);
  }

  @Test
  void expandGoesToSymbolicContents() {
    ValueInfo expanded =
        OneOperator.of("Expand", 13).infer(floats(Dim.ONE, SEQ), contents(BATCH, Dim.ONE, Dim.ONE));
    assertThat(expanded.shape()).isEqualTo(Shape.of(BATCH, Dim.ONE, SEQ));
  }

  @Test
  void expandRefusesWhatDoesNotBroadcast() {
    assertThatThrownBy(() -> OneOperator.of("Expand", 13).infer(floats(Dim.of(3)), longs(4)))
        .hasMessage("Expand 'it': [3] does not expand to [4]");
  }

  @Test
  void rangeToASymbolHasItsLength() {
    ValueInfo limit = ValueInfo.ofContents(ElementType.INT64, true, List.of(SEQ));
    assertThat(OneOperator.of("Range", 11).infer(scalar(0), limit, scalar(1)).shape())
        .isEqualTo(Shape.of(SEQ));
    assertThat(OneOperator.of("Range", 11).infer(scalar(0), limit, scalar(2)).shape())
        .isEqualTo(Shape.of(SEQ.ceilDiv(2)));
  }

  @Test
  void smallRangesAreFollowed() {
    assertThat(
            OneOperator.of("Range", 11).infer(scalar(5), scalar(0), scalar(-2)).constantContents())
        .containsExactly(5, 3, 1);
  }

  @Test
  void castKeepsIntegers() {
    ValueInfo cast =
        OneOperator.of("Cast", 13).with("to", 6L).infer(contents(BATCH, Dim.of(1L << 32)));
    assertThat(cast.contents()).containsExactly(BATCH, Dim.ZERO);
  }

  @Test
  void castToFloatIsFollowedWhereItIsExact() {
    OneOperator cast = OneOperator.of("Cast", 13).with("to", 1L);
    assertThat(cast.infer(contents(BATCH, Dim.of(7))).contents()).containsExactly(BATCH, Dim.of(7));
    assertThat(cast.infer(contents(Dim.of((1 << 24) + 1))).contents()).isNull();
    assertThat(OneOperator.of("Cast", 13).with("to", 10L).infer(contents(BATCH)).contents())
        .isNull();
  }

  @Test
  void aSliceToFarBeyondWhatFitsInATensorKeepsTheSymbol() {
    ValueInfo wide = floats(BATCH, Dim.of(131_072));
    ValueInfo cut = OneOperator.of("Slice", 13).infer(wide, longs(0), longs(1_000_000_000));
    assertThat(cut.shape().dim(0)).isEqualTo(BATCH);
  }

  @Test
  void whereChoosesAmongFollowedElements() {
    ValueInfo test = ValueInfo.ofConstant(Tensor.of(new boolean[] {true, false}, 2));
    assertThat(OneOperator.of("Where", 9).infer(test, longs(1), contents(BATCH, SEQ)).contents())
        .containsExactly(Dim.ONE, SEQ);
  }

  @Test
  void splitHandsElementsOut() {
    List<ValueInfo> parts =
        OneOperator.of("Split", 13)
            .outputs(2)
            .inferAll(contents(BATCH, SEQ, Dim.of(3)), longs(2, 1));
    assertThat(parts.get(0).contents()).containsExactly(BATCH, SEQ);
    assertThat(parts.get(1).contents()).containsExactly(Dim.of(3));
  }

  @Test
  void tileRepeatsElements() {
    assertThat(OneOperator.of("Tile", 13).infer(contents(BATCH), longs(2)).contents())
        .containsExactly(BATCH, BATCH);
  }

  @Test
  void transposeMovesSymbols() {
    assertThat(
            OneOperator.of("Transpose", 13)
                .with("perm", new long[] {1, 0, 2})
                .infer(floats(BATCH, SEQ, Dim.of(3)))
                .shape())
        .isEqualTo(Shape.of(SEQ, BATCH, Dim.of(3)));
  }

  @Test
  void slicesOfSymbolicAxesAreExactForEveryLength() {
    ValueInfo input = floats(SEQ);
    long[][] bounds = {
      {0, 5}, {1, Long.MAX_VALUE}, {-3, Long.MAX_VALUE}, {0, -1}, {2, -2}, {-4, -1}, {3, 9}
    };
    for (long[] bound : bounds) {
      Dim length =
          OneOperator.of("Slice", 13).infer(input, longs(bound[0]), longs(bound[1])).shape().dim(0);
      for (int seq = 0; seq < 12; seq++) {
        int bound0 = seq;
        Dim actual =
            OneOperator.of("Slice", 13)
                .infer(floats(Dim.of(seq)), longs(bound[0]), longs(bound[1]))
                .shape()
                .dim(0);
        assertThat(length.evaluate(name -> bound0))
            .as("[%d:%d] of %d", bound[0], bound[1], seq)
            .isEqualTo(actual.value());
      }
    }
  }

  @Test
  void aWholeSliceKeepsTheSymbol() {
    ValueInfo whole =
        OneOperator.of("Slice", 13).infer(floats(SEQ), longs(0), longs(Long.MAX_VALUE));
    ValueInfo reversed =
        OneOperator.of("Slice", 13)
            .infer(floats(SEQ), longs(-1), longs(Long.MIN_VALUE), longs(0), longs(-1));
    assertThat(whole.shape()).isEqualTo(Shape.of(SEQ));
    assertThat(reversed.shape()).isEqualTo(Shape.of(SEQ));
  }

  @Test
  void aSliceToASymbolHasItsLength() {
    ValueInfo mask = floats(Dim.ONE, Dim.of(1024));
    ValueInfo cut = OneOperator.of("Slice", 13).infer(mask, longs(0), contents(SEQ), longs(1));
    assertThat(cut.shape().dim(1).evaluate(name -> 17)).isEqualTo(17);
    assertThat(cut.shape().dim(1).evaluate(name -> 4097)).isEqualTo(1024);
  }

  @Test
  void concatAddsSymbols() {
    assertThat(
            OneOperator.of("Concat", 13)
                .with("axis", -1L)
                .infer(floats(BATCH, SEQ), floats(BATCH, Dim.of(3)))
                .shape())
        .isEqualTo(Shape.of(BATCH, SEQ.plus(3)));
  }

  @Test
  void concatRefusesOtherLengthsBesideItsAxis() {
    assertThatThrownBy(
            () ->
                OneOperator.of("Concat", 13)
                    .with("axis", 1L)
                    .infer(floats(Dim.of(2), SEQ), floats(Dim.of(3), SEQ)))
        .hasMessage("Concat 'it': axis 0 of input 1 has length 3, expected 2 as in those before");
  }
}
