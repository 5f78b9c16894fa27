package io.sparkonnx.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** Vectors of every type, filled through Arrow's own setters from a seed. */
public final class RandomVectors {
  private static final List<String> WORDS =
      List.of(
          "",
          "a",
          "ß",
          "日本語",
          "🎈🎈",
          "Ünïcödé and more than twelve bytes",
          "\u0000",
          "zwölf Bytes!");

  private RandomVectors() {}

  public static Field field(String name, ArrowType type, Field... children) {
    return new Field(name, FieldType.nullable(type), List.of(children));
  }

  private static Field number(int bits, boolean signed) {
    return field((signed ? "int" : "uint") + bits, new ArrowType.Int(bits, signed));
  }

  /** A field of each type. */
  public static List<Field> everyType() {
    Field float32 = field("float32", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE));
    Field text = field("utf8", ArrowType.Utf8.INSTANCE);
    Field key = new Field("key", FieldType.notNullable(ArrowType.Utf8.INSTANCE), null);
    Field entries =
        new Field(
            "entries",
            FieldType.notNullable(ArrowType.Struct.INSTANCE),
            List.of(key, field("value", new ArrowType.Int(64, true))));
    Field fixed = field("fixed", new ArrowType.FixedSizeList(3), float32);
    return List.of(
        number(8, true),
        number(16, true),
        number(32, true),
        number(64, true),
        number(8, false),
        number(16, false),
        number(32, false),
        number(64, false),
        field("float16", new ArrowType.FloatingPoint(FloatingPointPrecision.HALF)),
        float32,
        field("float64", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
        field("bool", ArrowType.Bool.INSTANCE),
        text,
        field("large_utf8", ArrowType.LargeUtf8.INSTANCE),
        field("utf8_view", ArrowType.Utf8View.INSTANCE),
        field("binary", ArrowType.Binary.INSTANCE),
        field("large_binary", ArrowType.LargeBinary.INSTANCE),
        field("binary_view", ArrowType.BinaryView.INSTANCE),
        field("fixed_binary", new ArrowType.FixedSizeBinary(5)),
        field("list", ArrowType.List.INSTANCE, number(32, true)),
        field("list_of_text", ArrowType.List.INSTANCE, text),
        field("large_list", ArrowType.LargeList.INSTANCE, float32),
        fixed,
        field("matrix", new ArrowType.FixedSizeList(2), fixed),
        field(
            "list_of_lists", ArrowType.List.INSTANCE, field("list", ArrowType.List.INSTANCE, text)),
        field("struct", ArrowType.Struct.INSTANCE, text, fixed, number(16, false)),
        field("map", new ArrowType.Map(false), entries));
  }

  /** A vector with {@code rows} random rows. */
  public static FieldVector of(
      Field field, int rows, double nullShare, long seed, BufferAllocator allocator) {
    FieldVector vector = field.createVector(allocator);
    fill(vector, rows, nullShare, new Random(seed));
    return vector;
  }

  private static void fill(FieldVector vector, int rows, double nullShare, Random random) {
    double nulls = vector.getField().isNullable() ? nullShare : 0;
    vector.setInitialCapacity(Math.max(1, rows));
    vector.allocateNew();
    if (vector instanceof ListVector list) {
      int elements = 0;
      for (int i = 0; i < rows; i++) {
        if (random.nextDouble() < nulls) {
          list.setNull(i);
        } else {
          list.startNewValue(i);
          int length = random.nextInt(5);
          list.endValue(i, length);
          elements += length;
        }
      }
      fill(list.getDataVector(), elements, nullShare, random);
    } else if (vector instanceof LargeListVector list) {
      int elements = 0;
      for (int i = 0; i < rows; i++) {
        if (random.nextDouble() < nulls) {
          list.setNull(i);
        } else {
          list.startNewValue(i);
          int length = random.nextInt(5);
          list.endValue(i, length);
          elements += length;
        }
      }
      fill(list.getDataVector(), elements, nullShare, random);
    } else if (vector instanceof FixedSizeListVector list) {
      for (int i = 0; i < rows; i++) {
        if (random.nextDouble() < nulls) {
          list.setNull(i);
        } else {
          list.setNotNull(i);
        }
      }
      fill(list.getDataVector(), rows * list.getListSize(), nullShare, random);
    } else if (vector instanceof StructVector struct) {
      for (int i = 0; i < rows; i++) {
        if (random.nextDouble() < nulls) {
          struct.setNull(i);
        } else {
          struct.setIndexDefined(i);
        }
      }
      for (FieldVector child : struct.getChildrenFromFields()) {
        fill(child, rows, nullShare, random);
      }
    } else {
      for (int i = 0; i < rows; i++) {
        if (random.nextDouble() < nulls) {
          vector.setNull(i);
        } else {
          set(vector, i, random);
        }
      }
    }
    vector.setValueCount(rows);
  }

  private static void set(FieldVector vector, int row, Random random) {
    byte[] text = WORDS.get(random.nextInt(WORDS.size())).getBytes(UTF_8);
    byte[] bytes = new byte[random.nextInt(20)];
    random.nextBytes(bytes);
    long bits = random.nextLong();
    if (vector instanceof TinyIntVector v) {
      v.setSafe(row, (byte) bits);
    } else if (vector instanceof SmallIntVector v) {
      v.setSafe(row, (short) bits);
    } else if (vector instanceof IntVector v) {
      v.setSafe(row, (int) bits);
    } else if (vector instanceof BigIntVector v) {
      v.setSafe(row, bits);
    } else if (vector instanceof UInt1Vector v) {
      v.setSafe(row, (byte) bits);
    } else if (vector instanceof UInt2Vector v) {
      v.setSafe(row, (char) bits);
    } else if (vector instanceof UInt4Vector v) {
      v.setSafe(row, (int) bits);
    } else if (vector instanceof UInt8Vector v) {
      v.setSafe(row, bits);
    } else if (vector instanceof Float2Vector v) {
      v.setSafe(row, (short) bits);
    } else if (vector instanceof Float4Vector v) {
      v.setSafe(row, random.nextInt(9) == 0 ? Float.NaN : (float) random.nextGaussian());
    } else if (vector instanceof Float8Vector v) {
      v.setSafe(row, random.nextInt(9) == 0 ? -0.0 : random.nextGaussian());
    } else if (vector instanceof BitVector v) {
      v.setSafe(row, (int) (bits & 1));
    } else if (vector instanceof VarCharVector v) {
      v.setSafe(row, text);
    } else if (vector instanceof LargeVarCharVector v) {
      v.setSafe(row, text);
    } else if (vector instanceof ViewVarCharVector v) {
      v.setSafe(row, text);
    } else if (vector instanceof VarBinaryVector v) {
      v.setSafe(row, bytes);
    } else if (vector instanceof LargeVarBinaryVector v) {
      v.setSafe(row, bytes);
    } else if (vector instanceof ViewVarBinaryVector v) {
      v.setSafe(row, bytes);
    } else if (vector instanceof FixedSizeBinaryVector v) {
      byte[] fixed = new byte[v.getByteWidth()];
      random.nextBytes(fixed);
      v.setSafe(row, fixed);
    } else {
      throw new IllegalArgumentException(vector.getField().toString());
    }
  }
}
