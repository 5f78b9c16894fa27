package io.sparkonnx.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NarrowTypesTest {
  @Test
  void everyHalfSurvivesTheWayToFloatAndBack() {
    for (int bits = 0; bits < 65_536; bits++) {
      float value = NarrowTypes.halfToFloat((short) bits);
      if (!Float.isNaN(value)) {
        assertThat(NarrowTypes.floatToHalf(value)).as("bits %x", bits).isEqualTo((short) bits);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "65504, 0x7BFF",
    "65519.996, 0x7BFF",
    "65520, 0x7C00",
    "1e30, 0x7C00",
    "-1e30, 0xFC00",
    "5.9604645e-8, 0x0001",
    "2.9802322e-8, 0x0000",
    "2.9802326e-8, 0x0001",
    "1.00048828125, 0x3C00",
    "1.00146484375, 0x3C02"
  })
  void roundsToTheNearestHalfAndTiesToEven(float value, String bits) {
    assertThat(NarrowTypes.floatToHalf(value)).isEqualTo((short) (int) Integer.decode(bits));
  }

  @Test
  void notANumberStaysNotANumber() {
    assertThat(NarrowTypes.halfToFloat(NarrowTypes.floatToHalf(Float.NaN))).isNaN();
    assertThat(NarrowTypes.bfloat16ToFloat(NarrowTypes.floatToBfloat16(Float.NaN))).isNaN();
  }

  @Test
  void bfloat16TiesGoToEven() {
    assertThat(NarrowTypes.floatToBfloat16(Float.intBitsToFloat(0x3F808000)))
        .isEqualTo((short) 0x3F80);
    assertThat(NarrowTypes.floatToBfloat16(Float.intBitsToFloat(0x3F818000)))
        .isEqualTo((short) 0x3F82);
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT8E4M3FN, 0x7E, 448",
    "FLOAT8E4M3FN, 0x01, 0.001953125",
    "FLOAT8E5M2, 0x7B, 57344",
    "FLOAT8E5M2, 0x7C, Infinity",
    "FLOAT8E4M3FNUZ, 0x7F, 240",
    "FLOAT8E5M2FNUZ, 0x7F, 57344",
    "FLOAT4E2M1, 0x07, 6",
    "FLOAT4E2M1, 0x09, -0.5",
    "FLOAT8E8M0, 0x80, 2",
    "UINT8, 0xFF, 255",
    "INT8, 0xFF, -1"
  })
  void smallTypesHaveTheirValues(ElementType type, String bits, double value) {
    ByteTensor tensor = new ByteTensor(type, new byte[] {(byte) (int) Integer.decode(bits)}, 0, 1);
    assertThat(tensor.doubleAt(0)).isEqualTo(value);
  }

  @Test
  void unsignedLongsKeepTheirMagnitude() {
    LongTensor tensor = new LongTensor(ElementType.UINT64, new long[] {-1}, 0, 1);
    assertThat(tensor.doubleAt(0)).isEqualTo(0x1p64);
  }
}
