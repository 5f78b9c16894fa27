package io.sparkonnx.spark.exec;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ArrowColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.unsafe.types.CalendarInterval;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

class SlicedVectorTest {
  @Test
  void intervalsOfArrowAreThoseOfTheSlicesRows() {
    try (RootAllocator allocator = new RootAllocator();
        IntervalMonthDayNanoVector intervals = new IntervalMonthDayNanoVector("i", allocator)) {
      intervals.allocateNew(3);
      for (int i = 0; i < 3; i++) {
        intervals.set(i, i, 10 * i, 1000L * i);
      }
      intervals.setValueCount(3);
      ColumnVector sliced = new SlicedVector(new ArrowColumnVector(intervals), 1, 2);
      assertThat(sliced.getInterval(1)).isEqualTo(new CalendarInterval(2, 20, 2));
    }
  }

  @Test
  void fieldsOfStructsAreThoseOfTheSlicesRows() {
    StructType type = new StructType().add("s", DataTypes.StringType);
    try (ColumnVector structs = structs(type)) {
      ColumnVector sliced = new SlicedVector(structs, 2, 1);
      assertThat(sliced.getStruct(0).getUTF8String(0)).isEqualTo(UTF8String.fromString("2"));
    }
  }

  private static ColumnVector structs(StructType type) {
    OnHeapColumnVector structs = new OnHeapColumnVector(3, type);
    for (int i = 0; i < 3; i++) {
      structs.getChild(0).putByteArray(i, UTF8String.fromString("" + i).getBytes());
    }
    return structs;
  }

  @Test
  void onlyNullsOfTheSliceCount() {
    try (OnHeapColumnVector numbers = new OnHeapColumnVector(4, DataTypes.IntegerType)) {
      numbers.putNull(0);
      numbers.putInt(1, 1);
      numbers.putNull(2);
      numbers.putInt(3, 3);
      ColumnVector sliced = new SlicedVector(numbers, 1, 3);
      assertThat(sliced.numNulls()).isEqualTo(1);
      assertThat(sliced.isNullAt(1)).isTrue();
      assertThat(sliced.getInt(2)).isEqualTo(3);
    }
  }
}
