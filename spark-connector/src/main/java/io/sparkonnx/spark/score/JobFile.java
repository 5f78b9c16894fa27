package io.sparkonnx.spark.score;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.sparkonnx.spark.model.FileSystems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A job's description as YAML. */
public final class JobFile {
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory())
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JobFile() {}

  /**
   * The keys of a file.
   *
   * @param location a path on any of Hadoop's file systems
   * @throws ScoreException if it cannot be read or is no YAML of keys and values
   */
  public static Map<String, Object> read(String location) {
    try {
      Path path = new Path(location);
      try (InputStream in = FileSystems.of(path, new Configuration()).open(path)) {
        return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (JsonProcessingException e) {
      throw new ScoreException(
          ScoreException.Code.WRONG_JOB,
          "job file "
              + location
              + ", line "
              + (e.getLocation() == null ? "?" : e.getLocation().getLineNr())
              + ": "
              + e.getOriginalMessage().lines().findFirst().orElse(""));
    } catch (IOException | IllegalArgumentException e) {
      throw new ScoreException(
          ScoreException.Code.WRONG_JOB,
          "cannot read the job file " + location + ": " + e.getMessage());
    }
  }

  static Map<String, Object> parse(String yaml) throws JsonProcessingException {
    JsonNode tree = YAML.readTree(yaml);
    return tree.isMissingNode() || tree.isNull()
        ? Map.of()
        : YAML.convertValue(tree, new TypeReference<LinkedHashMap<String, Object>>() {});
  }

  /** A job's keys with others put over them; keys below keys are merged, lists are replaced. */
  public static Map<String, Object> merged(
      Map<String, Object> base, Map<String, Object> overriding) {
    Map<String, Object> merged = new LinkedHashMap<>(base);
    overriding.forEach(
        (key, value) -> merged.merge(key, value, (below, above) -> mergedValue(below, above)));
    return merged;
  }

  @SuppressWarnings("unchecked")
  private static Object mergedValue(Object below, Object above) {
    return below instanceof Map<?, ?> first && above instanceof Map<?, ?> second
        ? merged((Map<String, Object>) first, (Map<String, Object>) second)
        : above;
  }
}
