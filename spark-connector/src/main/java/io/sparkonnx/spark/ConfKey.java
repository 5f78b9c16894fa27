package io.sparkonnx.spark;

import io.sparkonnx.spark.bind.OnnxCondition;
import java.util.function.Function;

/**
 * A setting: what it is called, what it may be, what it is for.
 *
 * @param name the whole key, {@code spark.onnx.…}
 * @param option name of the option of a call that goes before it; null for none
 * @param scope where it is read from
 * @param initial the value where it is not set; null where there is none
 * @param otherwise what holds where it is not set and there is no initial value, for people
 * @param expected what a value must be, as the end of "…; [expected] is needed"
 * @param parser of a stripped value; throws IllegalArgumentException
 * @param doc what it does, in Markdown
 */
record ConfKey<T>(
    String name,
    String option,
    Scope scope,
    String initial,
    String otherwise,
    String expected,
    Function<String, T> parser,
    String doc) {

  /** Who may set it. */
  enum Scope {
    /** Each session, by SET too. */
    SESSION,
    /** Only the application, when it starts. */
    APPLICATION
  }

  /**
   * The value that a text stands for; raises ONNX_SETTING if it stands for none.
   *
   * @param where the text comes from, for the message
   */
  T parse(String text, String where) {
    try {
      return parser.apply(text.strip());
    } catch (IllegalArgumentException e) {
      throw OnnxCondition.ONNX_SETTING.raise(
          where + " is '" + text + "'; " + expected + " is needed");
    }
  }
}
