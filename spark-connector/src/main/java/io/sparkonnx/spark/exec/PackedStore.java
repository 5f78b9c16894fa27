package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.NarrowTypes;
import io.sparkonnx.engine.tensor.Tensor;
import java.math.BigInteger;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.LongType;

/** Integers of any width, booleans and 16-bit floats, in the array that the element type has. */
final class PackedStore extends ElementStore {
  private static final BigInteger UINT64_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

  private final ElementType element;
  private final PackedArray array;

  PackedStore(ElementType element) {
    this.element = element;
    this.array = PackedArray.of(element.storage());
  }

  @Override
  Writer writer(DataType from) {
    return switch (element) {
      case BOOL -> new Booleans();
      case FLOAT16, BFLOAT16 -> new ShortFloats(oddDoubles(from));
      default ->
          from instanceof DecimalType type
              ? (row, i, index) -> array.put(index, unsigned64(row, i, type))
              : new Integers(from);
    };
  }

  /** Reads numbers as doubles, rounded to odd where that is needed. */
  private static NumberReader.Doubles oddDoubles(DataType from) {
    if (from instanceof LongType) {
      return (row, i) -> OddRounding.toDouble(row.getLong(i));
    }
    if (from instanceof DecimalType type) {
      return (row, i) ->
          OddRounding.toDouble(
              row.getDecimal(i, type.precision(), type.scale()).toJavaBigDecimal());
    }
    return NumberReader.doubles(from);
  }

  private long unsigned64(SpecializedGetters row, int ordinal, DecimalType type) {
    BigInteger value = row.getDecimal(ordinal, type.precision(), type.scale()).toJavaBigInteger();
    if (value.signum() < 0 || value.compareTo(UINT64_MAX) > 0) {
      throw outOfRange(value);
    }
    return value.longValue();
  }

  private UnfitValueException outOfRange(Object value) {
    return new UnfitValueException(value + " is beyond the range of " + element);
  }

  private final class Booleans implements Writer {
    private final byte[] block = new byte[BLOCK];

    @Override
    public void put(SpecializedGetters from, int ordinal, int index) {
      array.put(index, from.getBoolean(ordinal) ? 1 : 0);
    }

    @Override
    public void putAll(ElementSource from, int first, int count, int index, int stride) {
      for (int done = 0; done < count; done += BLOCK) {
        int length = Math.min(BLOCK, count - done);
        from.booleans(first + done, length, block, 0);
        for (int i = 0; i < length; i++) {
          array.put(index + (done + i) * stride, block[i]);
        }
      }
    }
  }

  private final class ShortFloats implements Writer {
    private final NumberReader.Doubles numbers;
    private final double[] block = new double[BLOCK];

    ShortFloats(NumberReader.Doubles numbers) {
      this.numbers = numbers;
    }

    private short bits(double value) {
      float number = OddRounding.toFloat(value);
      boolean half = element == ElementType.FLOAT16;
      short bits = half ? NarrowTypes.floatToHalf(number) : NarrowTypes.floatToBfloat16(number);
      int infinity = half ? 0x7C00 : 0x7F80;
      if ((bits & 0x7FFF) == infinity && !Double.isInfinite(value)) {
        throw outOfRange(value);
      }
      return bits;
    }

    @Override
    public void put(SpecializedGetters from, int ordinal, int index) {
      array.put(index, bits(numbers.read(from, ordinal)));
    }

    @Override
    public void putAll(ElementSource from, int first, int count, int index, int stride) {
      for (int done = 0; done < count; done += BLOCK) {
        int length = Math.min(BLOCK, count - done);
        numbers.readAll(from, first + done, length, block);
        for (int i = 0; i < length; i++) {
          array.put(index + (done + i) * stride, bits(block[i]));
        }
      }
    }
  }

  private final class Integers implements Writer {
    private final NumberReader.Longs integers;
    private final boolean plain;
    private final long least;
    private final long most;
    private final long[] block = new long[BLOCK];

    Integers(DataType from) {
      this.integers = NumberReader.longs(from);
      boolean unsigned = element.isUnsigned();
      int magnitude = Math.min(63, unsigned ? element.bits() : element.bits() - 1);
      this.most = magnitude == 63 ? Long.MAX_VALUE : (1L << magnitude) - 1;
      this.least = unsigned ? 0 : -most - 1;
      this.plain = !unsigned && from.defaultSize() == element.storage().bytes();
    }

    private long checked(long value) {
      if (value < least || value > most) {
        throw outOfRange(value);
      }
      return value;
    }

    @Override
    public void put(SpecializedGetters from, int ordinal, int index) {
      array.put(index, checked(integers.read(from, ordinal)));
    }

    @Override
    public void putAll(ElementSource from, int first, int count, int index, int stride) {
      if (plain && stride == 1) {
        array.copy(from, first, count, index);
        return;
      }
      for (int done = 0; done < count; done += BLOCK) {
        int length = Math.min(BLOCK, count - done);
        integers.readAll(from, first + done, length, block);
        for (int i = 0; i < length; i++) {
          checked(block[i]);
        }
        array.put(block, length, index + done * stride, stride);
      }
    }
  }

  @Override
  void reserve(int elements) {
    array.reserve(elements);
  }

  @Override
  void clear(int first, int count) {
    for (int i = 0; i < count; i++) {
      array.put(first + i, 0);
    }
  }

  @Override
  void putNan(int index) {
    array.put(
        index,
        element == ElementType.FLOAT16
            ? NarrowTypes.floatToHalf(Float.NaN)
            : NarrowTypes.floatToBfloat16(Float.NaN));
  }

  @Override
  void putRaw(ElementSource from, int count, int index) {
    array.copy(from, 0, count, index);
    if (element == ElementType.BOOL) {
      checkBooleans((byte[]) array.array(), index, count);
    }
  }

  private static void checkBooleans(byte[] bytes, int first, int count) {
    for (int i = 0; i < count; i++) {
      if ((bytes[first + i] & ~1) != 0) {
        throw new UnfitValueException(
            "has the byte " + bytes[first + i] + " at index " + i + " where a bool is 0 or 1");
      }
    }
  }

  @Override
  long bytes(int elements) {
    return (long) elements * element.storage().bytes();
  }

  @Override
  Tensor tensor(int first, int... dims) {
    return Tensor.wrap(element, array.array(), first, dims);
  }
}
