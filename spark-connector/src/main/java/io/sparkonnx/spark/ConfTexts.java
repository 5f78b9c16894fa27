package io.sparkonnx.spark;

import io.sparkonnx.gpu.GpuException;
import io.sparkonnx.gpu.placement.DeviceSetting;
import io.sparkonnx.gpu.placement.FailedDevice;
import io.sparkonnx.gpu.placement.MissingDevice;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.spark.network.util.JavaUtils;

/**
 * What the stripped texts of settings mean; each method throws IllegalArgumentException for a text
 * that means nothing.
 */
final class ConfTexts {
  private ConfTexts() {}

  static int rows(String text) {
    int rows = Integer.parseInt(text);
    if (rows < 1) {
      throw new IllegalArgumentException();
    }
    return rows;
  }

  static boolean truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException();
    };
  }

  static boolean padding(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "none" -> false;
      case "mask" -> true;
      default -> throw new IllegalArgumentException();
    };
  }

  static DeviceSetting device(String text) {
    return word(DeviceSetting::parse, text);
  }

  static FailedDevice failedDevice(String text) {
    return word(FailedDevice::parse, text);
  }

  static MissingDevice missingDevice(String text) {
    return word(MissingDevice::parse, text);
  }

  private static <T> T word(Function<String, T> parser, String text) {
    try {
      return parser.apply(text);
    } catch (GpuException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static double share(String text) {
    double share = Double.parseDouble(text);
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException();
    }
    return share;
  }

  static double amount(String text) {
    double amount = Double.parseDouble(text);
    boolean whole = amount >= 1 && amount == Math.rint(amount);
    if (!(whole || (amount > 0 && amount <= 0.5))) {
      throw new IllegalArgumentException();
    }
    return amount;
  }

  static long bytes(String text) {
    long bytes = JavaUtils.byteStringAsBytes(text);
    if (bytes < 0) {
      throw new IllegalArgumentException();
    }
    return bytes;
  }

  static Duration time(String text) {
    long millis = JavaUtils.timeStringAsMs(text);
    if (millis < 1 || millis > Integer.MAX_VALUE) {
      throw new IllegalArgumentException();
    }
    return Duration.ofMillis(millis);
  }

  static String text(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException();
    }
    return text;
  }

  static List<String> locations(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).map(ConfTexts::text).toList();
  }
}
