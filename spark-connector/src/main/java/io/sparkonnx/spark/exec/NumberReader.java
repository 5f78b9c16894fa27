package io.sparkonnx.spark.exec;

import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;

/** Reads the numbers of one column type; chosen once per task. */
final class NumberReader {
  private NumberReader() {}

  /** Reads numbers as doubles. */
  interface Doubles {
    double read(SpecializedGetters from, int ordinal);

    /** Reads {@link ElementStore#BLOCK} values at most, to the start of an array. */
    default void readAll(ElementSource from, int first, int count, double[] to) {
      SpecializedGetters values = from.getters();
      for (int i = 0; i < count; i++) {
        to[i] = read(values, first + i);
      }
    }
  }

  /** Reads integers. */
  interface Longs {
    long read(SpecializedGetters from, int ordinal);

    /** Reads {@link ElementStore#BLOCK} values at most, to the start of an array. */
    void readAll(ElementSource from, int first, int count, long[] to);
  }

  static Doubles doubles(DataType type) {
    if (type instanceof FloatType) {
      return new FloatReader();
    }
    if (type instanceof DoubleType) {
      return new DoubleReader();
    }
    if (type instanceof DecimalType decimal) {
      return new DecimalReader(decimal)::toDouble;
    }
    Longs integers = longs(type);
    return (from, i) -> (double) integers.read(from, i);
  }

  static Longs longs(DataType type) {
    if (type instanceof ByteType) {
      return new ByteReader();
    }
    if (type instanceof ShortType) {
      return new ShortReader();
    }
    if (type instanceof IntegerType) {
      return new IntReader();
    }
    if (type instanceof LongType) {
      return new LongReader();
    }
    throw new IllegalStateException(type.sql() + " is not an integer type");
  }

  private static final class FloatReader implements Doubles {
    private final float[] block = new float[ElementStore.BLOCK];

    @Override
    public double read(SpecializedGetters from, int ordinal) {
      return from.getFloat(ordinal);
    }

    @Override
    public void readAll(ElementSource from, int first, int count, double[] to) {
      from.floats(first, count, block, 0);
      for (int i = 0; i < count; i++) {
        to[i] = block[i];
      }
    }
  }

  private static final class DoubleReader implements Doubles {
    @Override
    public double read(SpecializedGetters from, int ordinal) {
      return from.getDouble(ordinal);
    }

    @Override
    public void readAll(ElementSource from, int first, int count, double[] to) {
      from.doubles(first, count, to, 0);
    }
  }

  private static final class ByteReader implements Longs {
    private final byte[] block = new byte[ElementStore.BLOCK];

    @Override
    public long read(SpecializedGetters from, int ordinal) {
      return from.getByte(ordinal);
    }

    @Override
    public void readAll(ElementSource from, int first, int count, long[] to) {
      from.bytes(first, count, block, 0);
      for (int i = 0; i < count; i++) {
        to[i] = block[i];
      }
    }
  }

  private static final class ShortReader implements Longs {
    private final short[] block = new short[ElementStore.BLOCK];

    @Override
    public long read(SpecializedGetters from, int ordinal) {
      return from.getShort(ordinal);
    }

    @Override
    public void readAll(ElementSource from, int first, int count, long[] to) {
      from.shorts(first, count, block, 0);
      for (int i = 0; i < count; i++) {
        to[i] = block[i];
      }
    }
  }

  private static final class IntReader implements Longs {
    private final int[] block = new int[ElementStore.BLOCK];

    @Override
    public long read(SpecializedGetters from, int ordinal) {
      return from.getInt(ordinal);
    }

    @Override
    public void readAll(ElementSource from, int first, int count, long[] to) {
      from.ints(first, count, block, 0);
      for (int i = 0; i < count; i++) {
        to[i] = block[i];
      }
    }
  }

  private static final class LongReader implements Longs {
    @Override
    public long read(SpecializedGetters from, int ordinal) {
      return from.getLong(ordinal);
    }

    @Override
    public void readAll(ElementSource from, int first, int count, long[] to) {
      from.longs(first, count, to, 0);
    }
  }
}
