package io.sparkonnx.engine.onnx;

import io.sparkonnx.engine.onnx.proto.OperatorSetIdProto;
import io.sparkonnx.engine.op.OperatorTable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The opset versions that a model or a function imports.
 *
 * @param versions version by canonical domain
 */
record Opsets(Map<String, Integer> versions) {
  /** The newest versions whose meaning is known here, of the domains that ONNX itself defines. */
  private static final Map<String, Integer> NEWEST =
      Map.of(
          OperatorTable.ONNX,
          27,
          OperatorTable.ML,
          5,
          "ai.onnx.preview",
          1,
          "ai.onnx.preview.training",
          1,
          "ai.onnx.training",
          1);

  /** Before this version of the format there were no imports, only version 1. */
  private static final int FIRST_IR_WITH_IMPORTS = 3;

  /**
   * @param warnings where double imports are noted; the higher version counts
   */
  static Opsets of(List<OperatorSetIdProto> imports, long irVersion, List<String> warnings) {
    Map<String, Integer> versions = new TreeMap<>();
    if (irVersion < FIRST_IR_WITH_IMPORTS) {
      versions.put(OperatorTable.ONNX, 1);
    }
    for (OperatorSetIdProto item : imports) {
      String domain = OperatorTable.canonical(item.getDomain());
      int version = (int) Math.max(0, Math.min(item.getVersion(), Integer.MAX_VALUE));
      Integer other = versions.put(domain, version);
      if (other != null && other != version && irVersion >= FIRST_IR_WITH_IMPORTS) {
        versions.put(domain, Math.max(other, version));
        warnings.add(
            String.format(
                Locale.ROOT,
                "imports %s twice, as version %d and %d",
                Refusals.domainName(domain),
                other,
                version));
      }
    }
    return new Opsets(versions);
  }

  /**
   * The version of a domain, or null where none is imported. Domains that ONNX does not define
   * count as imported in version 1.
   */
  Integer version(String domain) {
    return versions.getOrDefault(domain, NEWEST.containsKey(domain) ? null : Integer.valueOf(1));
  }

  /** These versions, and those of {@code others} for domains that are not here. */
  Opsets orElse(Opsets others) {
    Map<String, Integer> all = new TreeMap<>(others.versions);
    all.putAll(versions);
    return new Opsets(all);
  }

  /** The newest version of a domain that is known here; no bound for domains of others. */
  static int newest(String domain) {
    return NEWEST.getOrDefault(domain, Integer.MAX_VALUE);
  }
}
