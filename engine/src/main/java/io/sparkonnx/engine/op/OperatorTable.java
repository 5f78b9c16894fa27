package io.sparkonnx.engine.op;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Operators by domain, name and the opset version from which each variant holds. */
public final class OperatorTable {
  /** The domain of standard operators, whose alias is {@code ai.onnx}. */
  public static final String ONNX = "";

  /** The domain of classical machine learning. */
  public static final String ML = "ai.onnx.ml";

  private final Map<String, Map<String, TreeMap<Integer, OperatorFactory>>> domains =
      new HashMap<>();

  /** Registers a variant that holds from opset {@code since} until the next registered one. */
  public OperatorTable add(String domain, String type, int since, OperatorFactory factory) {
    OperatorFactory previous =
        domains
            .computeIfAbsent(domain, d -> new HashMap<>())
            .computeIfAbsent(type, t -> new TreeMap<>())
            .put(since, factory);
    if (previous != null) {
      throw new IllegalStateException(type + " from opset " + since + " is registered twice");
    }
    return this;
  }

  /** The canonical name of a domain: {@code ai.onnx} is the empty one. */
  public static String canonical(String domain) {
    return domain.equals("ai.onnx") ? ONNX : domain;
  }

  public boolean knowsDomain(String domain) {
    return domains.containsKey(canonical(domain));
  }

  public boolean knows(String domain, String type) {
    return domains.getOrDefault(canonical(domain), Map.of()).containsKey(type);
  }

  /** The variant that holds at {@code version}, or null where there is none. */
  public OperatorFactory find(String domain, String type, int version) {
    TreeMap<Integer, OperatorFactory> variants =
        domains.getOrDefault(canonical(domain), Map.of()).get(type);
    Map.Entry<Integer, OperatorFactory> entry =
        variants == null ? null : variants.floorEntry(version);
    return entry == null ? null : entry.getValue();
  }
}
