package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.NarrowTypes;
import io.sparkonnx.engine.tensor.Tensor;
import java.math.BigInteger;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;

/** Integers of any width, booleans and 16-bit floats, in the array that the element type has. */
final class PackedStore extends ElementStore {
  private static final BigInteger UINT64_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

  private interface Store {
    void put(int index, long bits);
  }

  private final ElementType element;
  private final Store store;
  private Object array;
  private int capacity;

  PackedStore(ElementType element) {
    this.element = element;
    this.array = Tensor.allocate(element, 0).array();
    this.store =
        switch (element.storage()) {
          case BYTE -> (index, bits) -> ((byte[]) array)[index] = (byte) bits;
          case SHORT -> (index, bits) -> ((short[]) array)[index] = (short) bits;
          case INT -> (index, bits) -> ((int[]) array)[index] = (int) bits;
          default -> (index, bits) -> ((long[]) array)[index] = bits;
        };
  }

  @Override
  Writer writer(DataType from) {
    NumberReader.Longs bits = bits(from);
    return (row, i, index) -> store.put(index, bits.read(row, i));
  }

  private NumberReader.Longs bits(DataType from) {
    return switch (element) {
      case BOOL -> (row, i) -> row.getBoolean(i) ? 1 : 0;
      case FLOAT16, BFLOAT16 -> {
        NumberReader.Doubles numbers = NumberReader.doubles(from);
        yield (row, i) -> shortFloat(numbers.read(row, i));
      }
      default -> from instanceof DecimalType type ? unsigned64(type) : checked(from);
    };
  }

  private long shortFloat(double value) {
    float number = FloatStore.narrow(value);
    boolean half = element == ElementType.FLOAT16;
    short bits = half ? NarrowTypes.floatToHalf(number) : NarrowTypes.floatToBfloat16(number);
    int infinity = half ? 0x7C00 : 0x7F80;
    if ((bits & 0x7FFF) == infinity && !Double.isInfinite(value)) {
      throw outOfRange(value);
    }
    return bits;
  }

  private NumberReader.Longs unsigned64(DecimalType type) {
    return (row, i) -> {
      BigInteger value = row.getDecimal(i, type.precision(), type.scale()).toJavaBigInteger();
      if (value.signum() < 0 || value.compareTo(UINT64_MAX) > 0) {
        throw outOfRange(value);
      }
      return value.longValue();
    };
  }

  private NumberReader.Longs checked(DataType from) {
    NumberReader.Longs integers = NumberReader.longs(from);
    boolean unsigned = element.isUnsigned();
    int magnitude = Math.min(63, unsigned ? element.bits() : element.bits() - 1);
    long most = magnitude == 63 ? Long.MAX_VALUE : (1L << magnitude) - 1;
    long least = unsigned ? 0 : -most - 1;
    return (SpecializedGetters row, int i) -> {
      long value = integers.read(row, i);
      if (value < least || value > most) {
        throw outOfRange(value);
      }
      return value;
    };
  }

  private UnfitValueException outOfRange(Object value) {
    return new UnfitValueException(value + " is beyond the range of " + element);
  }

  @Override
  void reserve(int elements) {
    if (elements > capacity) {
      Object old = array;
      int kept = capacity;
      capacity = grown(capacity, elements);
      array = Tensor.allocate(element, capacity).array();
      System.arraycopy(old, 0, array, 0, kept);
    }
  }

  @Override
  Tensor tensor(int first, int... dims) {
    return Tensor.wrap(element, array, first, dims);
  }
}
