package io.sparkonnx.spark.model;

import io.sparkonnx.engine.Model;
import io.sparkonnx.spark.OnnxConf;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;

/** The models of this JVM, bounded by the application's {@value OnnxConf#CACHE_MAX_BYTES}. */
public final class CompiledModels {
  private static final ModelCache CACHE = new ModelCache(CompiledModels::maxBytes);

  private CompiledModels() {}

  /** Bytes of models that a JVM of this application keeps. */
  static long maxBytes() {
    SparkEnv env = SparkEnv.get();
    return OnnxConf.of(env == null ? new SparkConf(false) : env.conf()).cacheMaxBytes();
  }

  /** Loads that this JVM has done. */
  public static long loads() {
    return CACHE.report().loads();
  }

  /** What this JVM holds. */
  public static CacheReport report() {
    return CACHE.report();
  }

  /**
   * Drops those of some models that no task uses; when this returns, nothing of them is held, also
   * where another thread has dropped them.
   */
  public static void dropIdle(Predicate<Model> which) throws InterruptedException {
    CACHE.dropIdle(which);
  }

  /** {@link ModelCache#acquire} of the model with a hash in a form. */
  static ModelLease acquire(
      String sha256, ModelForm form, Supplier<Model> load, BooleanSupplier cancelled) {
    return CACHE.acquire(new ModelCache.Key(sha256, form), load, cancelled);
  }
}
