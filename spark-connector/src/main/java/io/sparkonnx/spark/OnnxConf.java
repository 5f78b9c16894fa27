package io.sparkonnx.spark;

import io.sparkonnx.gpu.GpuException;
import io.sparkonnx.gpu.placement.DevicePolicy;
import io.sparkonnx.gpu.placement.DeviceSetting;
import io.sparkonnx.gpu.spark.GpuSettings;
import io.sparkonnx.spark.ConfKey.Scope;
import io.sparkonnx.spark.bind.BoundCall;
import io.sparkonnx.spark.bind.CallOptions;
import io.sparkonnx.spark.bind.NullAs;
import io.sparkonnx.spark.bind.OnnxCondition;
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
  public static final String DEVICE = "spark.onnx.device";
  public static final String DEVICE_FAILED = "spark.onnx.device.failed";
  public static final String DEVICE_MISSING = "spark.onnx.device.missing";
  public static final String GPU_FLOAT16 = "spark.onnx.gpu.float16";
  public static final String GPU_TIMEOUT = "spark.onnx.gpu.timeout";
  public static final String GPU_PER_TASK = "spark.onnx.gpu.perTask";

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

  /** Raises ONNX_SETTING for a value of any setting that cannot be read, or contradicts another. */
  public static void check(SQLConf session, SparkConf application) {
    for (ConfKey<?> key : ConfKeys.ALL) {
      (key.scope() == Scope.SESSION ? of(session) : of(application)).value(key);
    }
    try {
      GpuSettings.check(application.get("spark.master", ""), application);
    } catch (GpuException e) {
      throw OnnxCondition.ONNX_SETTING.raise(e.getMessage(), e);
    }
  }

  /** All settings, by name. */
  static List<ConfKey<?>> keys() {
    return ConfKeys.ALL;
  }

  /** Lets SET refuse what only the application may set. */
  static void registerApplicationKeys() {
    for (ConfKey<?> key : ConfKeys.ALL) {
      if (key.scope() == Scope.APPLICATION) {
        SQLConf$.MODULE$.registerStaticConfigKey(key.name());
      }
    }
  }

  public int batchSize() {
    return value(ConfKeys.BATCH_SIZE_KEY);
  }

  /** Rows of one run of a call at most. */
  public int batchSize(CallOptions call) {
    return call.batchSize() == CallOptions.SESSION ? batchSize() : call.batchSize();
  }

  /** Whether NULL becomes NaN in a call's inputs of floating-point numbers. */
  public boolean nanForNull(CallOptions call) {
    return call.nullAs() == NullAs.SESSION
        ? value(ConfKeys.NAN_FOR_NULL_KEY)
        : call.nullAs() == NullAs.NAN;
  }

  /** Where a call runs and what happens where that cannot be. */
  public DevicePolicy devicePolicy(CallOptions call) {
    DeviceSetting own = call.device();
    return new DevicePolicy(
        own == null ? value(ConfKeys.DEVICE_KEY) : own,
        value(ConfKeys.DEVICE_MISSING_KEY),
        value(ConfKeys.DEVICE_FAILED_KEY));
  }

  /** Whether devices hold weights as float16. */
  public boolean gpuFloat16() {
    return value(ConfKeys.GPU_FLOAT16_KEY);
  }

  /** How long a command on a device may take until the device counts as hung. */
  public Duration gpuTimeout() {
    return value(ConfKeys.GPU_TIMEOUT_KEY);
  }

  /** What a task on a device asks Spark for of the resource gpu; null for what is configured. */
  public Double gpuPerTask() {
    return value(ConfKeys.GPU_PER_TASK_KEY);
  }

  /**
   * Whether a call's sequences are padded. A mask of floats may be one that is added, which hides
   * nothing by zeros: the session's setting alone does not reach it.
   */
  public boolean pads(BoundCall call) {
    boolean session = value(ConfKeys.PADDING_KEY);
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
    return location == null ? null : ConfKeys.MODEL_KEY.parse(location, key);
  }

  /** The allowed locations, or null where none are set. */
  public List<String> modelRoots() {
    return value(ConfKeys.MODEL_ROOTS_KEY);
  }

  public long maxModelBytes() {
    return Math.min(value(ConfKeys.MAX_MODEL_BYTES_KEY), Runtime.getRuntime().maxMemory() / 10 * 9);
  }

  /** The folder of the model zoo's manifest, or null. */
  public String zooMirror() {
    return value(ConfKeys.ZOO_MIRROR_KEY);
  }

  public Duration httpTimeout() {
    return value(ConfKeys.HTTP_TIMEOUT_KEY);
  }

  public long cacheMaxBytes() {
    Long bytes = value(ConfKeys.CACHE_MAX_BYTES_KEY);
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
