package io.sparkonnx.spark.ui;

import io.sparkonnx.spark.plan.Sequences;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.status.AppHistoryServerPlugin;
import org.apache.spark.status.ElementTrackingStore;
import org.apache.spark.ui.SparkUI;
import scala.collection.immutable.Seq;

/** Adds the tab to applications that ran models, in a History Server that has this jar. */
public final class OnnxHistoryPlugin implements AppHistoryServerPlugin {
  @Override
  public Seq<SparkListener> createListeners(SparkConf conf, ElementTrackingStore store) {
    return Sequences.of(new ModelListener(conf, store, false));
  }

  @Override
  public void setupUI(SparkUI ui) {
    try {
      if (ui.store().store().count(ApplicationUse.class) > 0) {
        new OnnxTab(ui, false);
      }
    } catch (Exception e) {
      throw new IllegalStateException("cannot read what models did: " + e.getMessage(), e);
    }
  }

  @Override
  public int displayOrder() {
    return 1;
  }
}
