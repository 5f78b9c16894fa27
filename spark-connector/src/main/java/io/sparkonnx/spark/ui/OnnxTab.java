package io.sparkonnx.spark.ui;

import java.util.Map;
import java.util.WeakHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.status.ElementTrackingStore;
import org.apache.spark.ui.SparkUI;
import org.apache.spark.ui.SparkUITab;

/** The tab "ONNX" of Spark's web UI. */
public final class OnnxTab extends SparkUITab {
  static final String PREFIX = "onnx";

  private static final Map<SparkContext, ModelListener> FOLLOWED = new WeakHashMap<>();

  OnnxTab(SparkUI parent, boolean live) {
    super(parent, PREFIX);
    attachPage(new OnnxPage(this, parent, live));
    parent.attachTab(this);
  }

  @Override
  public String name() {
    return "ONNX";
  }

  /**
   * Tells that a node is executed. The first one of an application adds the tab to its web UI,
   * where there is one.
   */
  public static void started(SparkContext spark, ModelExecution execution) {
    follow(spark);
    spark.listenerBus().post(execution);
  }

  private static synchronized void follow(SparkContext spark) {
    if (spark.ui().isEmpty() || FOLLOWED.containsKey(spark)) {
      return;
    }
    SparkUI ui = spark.ui().get();
    ElementTrackingStore store = (ElementTrackingStore) ui.store().store();
    ModelListener listener = new ModelListener(spark.conf(), store, true);
    FOLLOWED.put(spark, listener);
    spark.listenerBus().addToStatusQueue(listener);
    new OnnxTab(ui, true);
  }
}
