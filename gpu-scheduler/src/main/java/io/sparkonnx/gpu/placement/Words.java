package io.sparkonnx.gpu.placement;

import io.sparkonnx.gpu.GpuException;
import io.sparkonnx.gpu.GpuException.Code;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Constants as the words of settings. */
final class Words {
  private Words() {}

  static <E extends Enum<E>> E parse(String setting, E[] values, String text) {
    return Arrays.stream(values)
        .filter(value -> word(value).equals(text.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new GpuException(
                    Code.INVALID_SETTING,
                    Arrays.stream(values)
                        .map(Words::word)
                        .collect(
                            Collectors.joining(
                                ", ", setting + ": expected one of ", ", not '" + text + "'"))));
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
