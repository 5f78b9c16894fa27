package io.sparkonnx.spark;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Settings that change how Spark plans.
 *
 * @param adaptive whether stages are planned as they finish
 * @param ansi whether casts and arithmetic fail instead of giving NULL
 */
record Modes(boolean adaptive, boolean ansi) {
  private static final String ADAPTIVE = "spark.sql.adaptive.enabled";
  private static final String ANSI = "spark.sql.ansi.enabled";

  static final List<Modes> ALL =
      List.of(
          new Modes(true, true),
          new Modes(true, false),
          new Modes(false, true),
          new Modes(false, false));

  /** A value to test under one mode. */
  record Case<T>(Modes mode, T value) {
    @Override
    public String toString() {
      return value
          + (mode.adaptive ? ", adaptive" : ", not adaptive")
          + (mode.ansi ? ", ANSI" : ", not ANSI");
    }
  }

  static <T> Stream<Case<T>> each(Stream<T> values) {
    return values.flatMap(value -> ALL.stream().map(mode -> new Case<>(mode, value)));
  }

  void set(SparkSession spark) {
    spark.conf().set(ADAPTIVE, String.valueOf(adaptive));
    spark.conf().set(ANSI, String.valueOf(ansi));
  }

  static void reset(SparkSession spark) {
    spark.conf().unset(ADAPTIVE);
    spark.conf().unset(ANSI);
  }
}
