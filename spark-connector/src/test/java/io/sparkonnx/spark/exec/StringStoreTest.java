package io.sparkonnx.spark.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.OnnxException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Strings beyond what one Java array holds. */
class StringStoreTest {
  private final List<Long> growth = new ArrayList<>();
  private final StringStore store = new StringStore(growth::add);

  private void put(UTF8String text, int index) {
    store.writer(DataTypes.StringType).put(new GenericInternalRow(new Object[] {text}), 0, index);
  }

  /** A string without bytes behind it: reading them ends the JVM. */
  private static UTF8String unread(int bytes) {
    return UTF8String.fromAddress(null, 0, bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE - 8, Integer.MAX_VALUE})
  void areRefusedBeforeMemoryIsAskedForOrTheyAreRead(int bytes) {
    store.begin();
    store.reserve(2);
    put(UTF8String.fromString("a"), 0);
    assertThatThrownBy(() -> put(unread(bytes), 1))
        .isInstanceOfSatisfying(
            OnnxException.class,
            e -> assertThat(e.code()).isEqualTo(OnnxException.Code.LIMIT_EXCEEDED))
        .hasMessage(
            "the strings of a batch have more than 2147483639 bytes; take a smaller batch_size");
    assertThat(growth).isEmpty();
    assertThat(store.textBytes()).isEqualTo(1);
  }
}
