package io.sparkonnx.spark;

import io.sparkonnx.spark.ConfKey.Scope;
import io.sparkonnx.spark.bind.BoundCall;
import io.sparkonnx.spark.bind.CallOptions;
import io.sparkonnx.spark.bind.NullAs;
import io.sparkonnx.spark.bind.Padding;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.internal.SQLConf$;

/**
 * The settings. A call's option goes before the session's setting, which goes before the initial
 * value. Those that protect the application are read from its configuration alone; a session cannot
 * set them. A value that cannot be read is an AnalysisException with the condition ONNX_SETTING.
 */
public final class OnnxConf {
  public static final String BATCH_SIZE = "spark.onnx.batchSize";

  /** A model's short name follows. */
  public static final String MODEL_PREFIX = "spark.onnx.model.";

  public static final String MODEL_ROOTS = "spark.onnx.model.roots";
  public static final String MAX_MODEL_BYTES = "spark.onnx.maxModelBytes";
  public static final String NAN_FOR_NULL = "spark.onnx.nanForNull";
  public static final String PADDING = "spark.onnx.padding";
  public static final String ZOO_MIRROR = "spark.onnx.zoo.mirror";
  public static final String HTTP_TIMEOUT = "spark.onnx.http.timeout";
  public static final String CACHE_MAX_BYTES = "spark.onnx.cache.maxBytes";

  private static final ConfKey<Integer> BATCH_SIZE_KEY =
      new ConfKey<>(
          BATCH_SIZE,
          "batch_size",
          Scope.SESSION,
          "4096",
          null,
          "a number of rows, at least 1,",
          ConfTexts::rows,
          "Rows of one run of a model at most.");

  private static final ConfKey<String> MODEL_KEY =
      new ConfKey<>(
          MODEL_PREFIX + "<name>",
          null,
          Scope.SESSION,
          null,
          "no name",
          "a location",
          ConfTexts::text,
          "Gives a model a short name: `onnx_predict('<name>', …)` runs the model at this location, "
              + "`location` or `location@sha256:HASH`. A name is made of letters, digits, `_` and "
              + "`-`, starts with a letter, and is not `roots`. Permanent views refuse short names.");

  private static final ConfKey<List<String>> MODEL_ROOTS_KEY =
      new ConfKey<>(
          MODEL_ROOTS,
          null,
          Scope.APPLICATION,
          null,
          "everything; in a Spark Connect server everything but `file:` and `http:`",
          "a list of locations, separated by commas,",
          ConfTexts::locations,
          "The folders that models may come from, separated by commas: URIs for Hadoop's file "
              + "systems, `https:`, `http:` or `classpath:`, for example "
              + "`hdfs:///models,https://models.example.com/onnx`.");

  private static final ConfKey<Long> MAX_MODEL_BYTES_KEY =
      new ConfKey<>(
          MAX_MODEL_BYTES,
          null,
          Scope.APPLICATION,
          "64g",
          null,
          "a size such as 512m or 64g",
          ConfTexts::bytes,
          "Bytes of one model at most, external data included. Nine tenths of the driver's heap "
              + "bound it as well.");

  private static final ConfKey<Boolean> NAN_FOR_NULL_KEY =
      new ConfKey<>(
          NAN_FOR_NULL,
          "nan_for_null",
          Scope.SESSION,
          "false",
          null,
          "true or false",
          ConfTexts::truth,
          "Whether NULL becomes NaN in inputs of floating-point numbers; else its row is a bad row. "
              + "A call keeps the value that it was analyzed with.");

  private static final ConfKey<Boolean> PADDING_KEY =
      new ConfKey<>(
          PADDING,
          "padding",
          Scope.SESSION,
          "none",
          null,
          "none or mask",
          ConfTexts::padding,
          "Whether rows of different lengths share a run. `none`: only rows of one length do. "
              + "`mask`: where the model has an input `attention_mask` or `input_mask` [rows, "
              + "length], every sequence is padded with zeros to the next of the lengths 8, 16, 24, "
              + "32, 40, 48, 56, 64, 80, 96, 112, 128, 160, …, and outputs are cut back. The padded "
              + "length follows from the row's own length, so a row gives the same bits beside any "
              + "others, but the last bits may differ from those without padding. That what the mask "
              + "hides changes nothing is the model's promise. Masks of floats, which may be added "
              + "and not multiplied, are padded only where a call's own option says so.");

  private static final ConfKey<String> ZOO_MIRROR_KEY =
      new ConfKey<>(
          ZOO_MIRROR,
          null,
          Scope.SESSION,
          null,
          "no mirror",
          "a location",
          ConfTexts::text,
          "The folder that holds an `ONNX_HUB_MANIFEST.json` and the models it lists. "
              + "`zoo:resnet50?opset=12` is then the model of that name in the manifest; without "
              + "`opset` the newest.");

  private static final ConfKey<Duration> HTTP_TIMEOUT_KEY =
      new ConfKey<>(
          HTTP_TIMEOUT,
          null,
          Scope.SESSION,
          "30s",
          null,
          "a time such as 500ms or 30s",
          ConfTexts::time,
          "How long an HTTP server may be silent, when it is connected to and while it sends.");

  private static final ConfKey<Long> CACHE_MAX_BYTES_KEY =
      new ConfKey<>(
          CACHE_MAX_BYTES,
          null,
          Scope.APPLICATION,
          null,
          "a quarter of the JVM's heap",
          "a size such as 512m or 2g",
          ConfTexts::bytes,
          "Bytes of models that one JVM keeps ready. Models that no task uses are dropped, the one "
              + "used longest ago first, until the rest fits; the one used last stays. The driver "
              + "keeps broadcasts of models under the same limit.");

  private static final List<ConfKey<?>> KEYS =
      List.of(
          BATCH_SIZE_KEY,
          CACHE_MAX_BYTES_KEY,
          HTTP_TIMEOUT_KEY,
          MAX_MODEL_BYTES_KEY,
          MODEL_KEY,
          MODEL_ROOTS_KEY,
          NAN_FOR_NULL_KEY,
          PADDING_KEY,
          ZOO_MIRROR_KEY);

  private final UnaryOperator<String> settings;

  private OnnxConf(UnaryOperator<String> settings) {
    this.settings = settings;
  }

  /** The settings of a session. */
  public static OnnxConf of(SQLConf session) {
    return new OnnxConf(key -> session.getConfString(key, null));
  }

  /** The settings of an application. */
  public static OnnxConf of(SparkConf application) {
    return new OnnxConf(key -> application.get(key, null));
  }

  /** Raises ONNX_SETTING for a value of any setting that cannot be read. */
  public static void check(SQLConf session, SparkConf application) {
    for (ConfKey<?> key : KEYS) {
      (key.scope() == Scope.SESSION ? of(session) : of(application)).value(key);
    }
  }

  /** All settings, by name. */
  static List<ConfKey<?>> keys() {
    return KEYS;
  }

  /** Lets SET refuse what only the application may set. */
  static void registerApplicationKeys() {
    for (ConfKey<?> key : KEYS) {
      if (key.scope() == Scope.APPLICATION) {
        SQLConf$.MODULE$.registerStaticConfigKey(key.name());
      }
    }
  }

  public int batchSize() {
    return value(BATCH_SIZE_KEY);
  }

  /** Rows of one run of a call at most. */
  public int batchSize(CallOptions call) {
    return call.batchSize() == CallOptions.SESSION ? batchSize() : call.batchSize();
  }

  /** Whether NULL becomes NaN in a call's inputs of floating-point numbers. */
  public boolean nanForNull(CallOptions call) {
    return call.nullAs() == NullAs.SESSION ? value(NAN_FOR_NULL_KEY) : call.nullAs() == NullAs.NAN;
  }

  /**
   * Whether a call's sequences are padded. A mask of floats may be one that is added, which hides
   * nothing by zeros: the session's setting alone does not reach it.
   */
  public boolean pads(BoundCall call) {
    boolean session = value(PADDING_KEY);
    Padding own = call.options().padding();
    boolean wanted = own == Padding.SESSION ? session && !hasFloatMask(call) : own == Padding.MASK;
    return wanted && call.mask() != null;
  }

  private static boolean hasFloatMask(BoundCall call) {
    return call.inputs().stream()
        .anyMatch(slot -> slot.input().equals(call.mask()) && slot.element().isFloatingPoint());
  }

  /** The location that a short name stands for, or null. */
  public String model(String name) {
    String key = MODEL_PREFIX + name;
    String location = settings.apply(key);
    return location == null ? null : MODEL_KEY.parse(location, key);
  }

  /** The allowed locations, or null where none are set. */
  public List<String> modelRoots() {
    return value(MODEL_ROOTS_KEY);
  }

  public long maxModelBytes() {
    return Math.min(value(MAX_MODEL_BYTES_KEY), Runtime.getRuntime().maxMemory() / 10 * 9);
  }

  /** The folder of the model zoo's manifest, or null. */
  public String zooMirror() {
    return value(ZOO_MIRROR_KEY);
  }

  public Duration httpTimeout() {
    return value(HTTP_TIMEOUT_KEY);
  }

  public long cacheMaxBytes() {
    Long bytes = value(CACHE_MAX_BYTES_KEY);
    return bytes == null ? Runtime.getRuntime().maxMemory() / 4 : bytes;
  }

  private <T> T value(ConfKey<T> key) {
    String text = settings.apply(key.name());
    if (text == null) {
      text = key.initial();
    }
    return text == null ? null : key.parse(text, key.name());
  }
}
