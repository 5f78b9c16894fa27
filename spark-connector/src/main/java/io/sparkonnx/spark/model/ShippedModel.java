package io.sparkonnx.spark.model;

import io.sparkonnx.engine.Model;
import java.io.Serializable;
import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A model on its way to the executors: its bytes are broadcast once per application, however many
 * queries use it.
 */
public final class ShippedModel implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Map<String, Sent> SENT = new HashMap<>();

  private final ModelReference reference;
  private final Broadcast<byte[]> bytes;

  private record Sent(String application, SoftReference<Broadcast<byte[]>> broadcast) {}

  private ShippedModel(ModelReference reference, Broadcast<byte[]> bytes) {
    this.reference = reference;
    this.bytes = bytes;
  }

  /** Broadcasts a model, or finds the broadcast that was made of it. Only on the driver. */
  public static ShippedModel ship(
      ModelReference reference, SparkContext context, Configuration configuration) {
    synchronized (SENT) {
      Sent sent = SENT.get(reference.sha256());
      Broadcast<byte[]> broadcast =
          sent != null && sent.application.equals(context.applicationId())
              ? sent.broadcast.get()
              : null;
      if (broadcast == null || !broadcast.isValid()) {
        byte[] bytes = DriverModels.bytes(reference, configuration);
        broadcast = JavaSparkContext.fromSparkContext(context).broadcast(bytes);
        SENT.put(
            reference.sha256(), new Sent(context.applicationId(), new SoftReference<>(broadcast)));
      }
      return new ShippedModel(reference, broadcast);
    }
  }

  public ModelReference reference() {
    return reference;
  }

  /** Identifies the broadcast within the application. */
  public long broadcastId() {
    return bytes.id();
  }

  /** The model, compiled in this JVM by whoever asks first. */
  public Model compiled(BooleanSupplier cancelled) {
    return CompiledModels.get(reference, bytes::value, cancelled);
  }
}
