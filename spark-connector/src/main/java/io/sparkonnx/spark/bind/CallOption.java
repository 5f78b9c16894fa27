package io.sparkonnx.spark.bind;

import io.sparkonnx.gpu.placement.DeviceSetting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/** The options of a call, each with the values that it takes. */
enum CallOption {
  BATCH_SIZE("a whole number of rows from 1 to 2147483647") {
    @Override
    CallOptions apply(CallOptions options, Object value) {
      return value instanceof Number rows && isWhole(rows, Integer.MAX_VALUE)
          ? options.withBatchSize(rows.intValue())
          : null;
    }
  },
  DEVICE("'cpu', 'gpu' or 'auto'") {
    @Override
    CallOptions apply(CallOptions options, Object value) {
      String device =
          value instanceof UTF8String text ? text.toString().toLowerCase(Locale.ROOT) : "";
      return switch (device) {
        case "cpu" -> options.withDevice(DeviceSetting.CPU);
        case "gpu" -> options.withDevice(DeviceSetting.GPU);
        case "auto" -> options.withDevice(DeviceSetting.AUTO);
        default -> null;
      };
    }
  },
  THREADS("a whole number from 1 to spark.task.cpus") {
    @Override
    CallOptions apply(CallOptions options, Object value) {
      return value instanceof Number threads && isWhole(threads, Integer.MAX_VALUE)
          ? options.withThreads(threads.intValue())
          : null;
    }
  },
  NAN_FOR_NULL("true or false") {
    @Override
    CallOptions apply(CallOptions options, Object value) {
      return value instanceof Boolean yes
          ? options.withNullAs(yes ? NullAs.NAN : NullAs.BAD_ROW)
          : null;
    }
  },
  OUTPUTS("the name of an output or an array of different names") {
    @Override
    CallOptions apply(CallOptions options, Object value) {
      List<String> names = names(value);
      boolean distinct = names.stream().distinct().count() == names.size();
      return names.isEmpty() || !distinct ? null : options.withOutputs(names);
    }
  },
  BATCH_COUPLED("true or false") {
    @Override
    CallOptions apply(CallOptions options, Object value) {
      return value instanceof Boolean yes ? options.withBatchCoupled(yes) : null;
    }
  },
  PADDING("'none' or 'mask'") {
    @Override
    CallOptions apply(CallOptions options, Object value) {
      String padding =
          value instanceof UTF8String text ? text.toString().toLowerCase(Locale.ROOT) : "";
      return switch (padding) {
        case "none" -> options.withPadding(Padding.NONE);
        case "mask" -> options.withPadding(Padding.MASK);
        default -> null;
      };
    }
  },
  WITH_ERRORS("false, or true in try_onnx_predict") {
    @Override
    CallOptions apply(CallOptions options, Object value) {
      return value instanceof Boolean yes && (options.lenient() || !yes)
          ? options.withErrors(yes)
          : null;
    }
  };

  private final String takes;

  /**
   * @param takes which values the option takes, for messages
   */
  CallOption(String takes) {
    this.takes = takes;
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  String takes() {
    return takes;
  }

  /** The options with this one set; null where it does not take the value. */
  abstract CallOptions apply(CallOptions options, Object value);

  /** The option of a name, or null. */
  static CallOption of(String key) {
    return Arrays.stream(values())
        .filter(option -> option.key().equals(key))
        .findFirst()
        .orElse(null);
  }

  static String keys() {
    return Arrays.stream(values()).map(CallOption::key).collect(Collectors.joining(", "));
  }

  private static boolean isWhole(Number value, int most) {
    boolean integer =
        value instanceof Byte
            || value instanceof Short
            || value instanceof Integer
            || value instanceof Long;
    return integer && value.longValue() >= 1 && value.longValue() <= most;
  }

  /** The names in a string or an array of strings, without NULLs; else empty. */
  private static List<String> names(Object value) {
    if (value instanceof UTF8String name) {
      return List.of(name.toString());
    }
    List<String> names = new ArrayList<>();
    if (value instanceof ArrayData array) {
      for (Object name : array.toObjectArray(DataTypes.StringType)) {
        if (!(name instanceof UTF8String text)) {
          return List.of();
        }
        names.add(text.toString());
      }
    }
    return names;
  }
}
