package io.sparkonnx.spark.score;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the keys of one level of a job and notes what is wrong; what is wrong reads as absent. */
final class KeyReader {
  private final String prefix;
  private final Map<?, ?> values;
  private final List<JobProblem> problems;
  private final Set<String> known = new LinkedHashSet<>();

  private KeyReader(String prefix, Map<?, ?> values, List<JobProblem> problems) {
    this.prefix = prefix;
    this.values = values;
    this.problems = problems;
  }

  /** The keys of the first level. */
  static KeyReader of(Map<String, Object> values, List<JobProblem> problems) {
    return new KeyReader("", values, problems);
  }

  boolean has(String key) {
    known.add(key);
    return values.containsKey(key);
  }

  /** Whether a key has a value. */
  boolean is(String key, Object value) {
    return has(key) && value.equals(values.get(key));
  }

  /** A text, or null. */
  String text(String key, String expected) {
    if (!has(key)) {
      return null;
    }
    Object value = values.get(key);
    if (value instanceof String text && !text.isBlank()) {
      return text.strip();
    }
    wrong(key, expected + (value instanceof Number ? ", in quotes," : ""), value);
    return null;
  }

  /** A text that must be there; null where it is not. */
  String required(String key, String expected) {
    if (!has(key)) {
      problems.add(JobProblem.missing(prefix + key, expected));
    }
    return text(key, expected);
  }

  /** One of some words; {@code otherwise} where there is none. YAML's null is the word null. */
  String word(String key, List<String> words, String otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    Object value = values.get(key) == null ? "null" : values.get(key);
    if (!words.contains(value)) {
      wrong(key, "one of " + String.join(", ", words), values.get(key));
      return otherwise;
    }
    return (String) value;
  }

  /** A number in bounds; {@code otherwise} where there is none. */
  double number(String key, double least, double most, String expected, double otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    Object value = values.get(key);
    if (value instanceof Number number
        && number.doubleValue() >= least
        && number.doubleValue() <= most) {
      return number.doubleValue();
    }
    wrong(key, expected, value);
    return otherwise;
  }

  /** A whole number from 1 on; null where there is none. */
  Integer count(String key) {
    if (!has(key)) {
      return null;
    }
    if (values.get(key) instanceof Integer number && number >= 1) {
      return number;
    }
    wrong(key, "a whole number from 1 to 2147483647", values.get(key));
    return null;
  }

  boolean flag(String key) {
    if (!has(key)) {
      return false;
    }
    if (values.get(key) instanceof Boolean yes) {
      return yes;
    }
    wrong(key, "true or false", values.get(key));
    return false;
  }

  /** A list of different texts; a text alone is a list of one. Empty where there is none. */
  List<String> texts(String key, String expected) {
    if (!has(key)) {
      return List.of();
    }
    Object value = values.get(key);
    List<?> list = value instanceof List<?> many ? many : List.of(value == null ? "" : value);
    List<String> texts = new ArrayList<>();
    for (Object element : list) {
      if (!(element instanceof String text) || text.isBlank() || texts.contains(text.strip())) {
        String came = JobProblem.shown(element);
        problems.add(
            new JobProblem(
                prefix + key, expected, element == value ? came : "a list with " + came));
        return List.of();
      }
      texts.add(text.strip());
    }
    return texts;
  }

  /** Texts by name; numbers and truth values are taken as texts, lists as joined by commas. */
  Map<String, String> named(String key, String expected) {
    Map<String, String> named = new LinkedHashMap<>();
    if (!has(key)) {
      return named;
    }
    if (!(values.get(key) instanceof Map<?, ?> map)) {
      wrong(key, expected, values.get(key));
      return named;
    }
    map.forEach(
        (name, value) -> {
          if (value instanceof List<?> list && list.stream().allMatch(KeyReader::isScalar)) {
            named.put(
                name.toString(), String.join(", ", list.stream().map(Object::toString).toList()));
          } else if (isScalar(value)) {
            named.put(name.toString(), value.toString());
          } else {
            problems.add(
                new JobProblem(prefix + key + "." + name, "a text", JobProblem.shown(value)));
          }
        });
    return named;
  }

  private static boolean isScalar(Object value) {
    return value instanceof String || value instanceof Number || value instanceof Boolean;
  }

  /** The keys below a key; none where it is absent. */
  KeyReader section(String key) {
    boolean present = has(key);
    Object value = values.get(key);
    if (present && !(value instanceof Map<?, ?>)) {
      wrong(key, "keys and values", value);
    }
    return new KeyReader(
        prefix + key + ".", value instanceof Map<?, ?> map ? map : Map.of(), problems);
  }

  /** Notes a key that has a value of the right kind which does not do. */
  void wrong(String key, String expected, Object came) {
    problems.add(new JobProblem(prefix + key, expected, JobProblem.shown(came)));
  }

  void missing(String key, String expected) {
    problems.add(JobProblem.missing(prefix + key, expected));
  }

  /** Notes keys that nobody has asked for. */
  void finish() {
    for (Object key : values.keySet()) {
      if (!known.contains(key)) {
        problems.add(
            new JobProblem(
                prefix + key, "a key of " + String.join(", ", known), "a key of this name"));
      }
    }
  }
}
