package io.sparkonnx.spark.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.classic.SparkSession;

/**
 * A model on its way to the executors: its files are broadcast in pieces, once per application,
 * however many queries use it. The driver forgets the broadcasts used longest ago when they grow
 * beyond what one JVM keeps of models; Spark removes them when no query needs them.
 */
public final class ShippedModel implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What was sent of each model, by its hash; the one used longest ago first. */
  private static final Map<String, Shipment> SHIPMENTS = new LinkedHashMap<>(16, 0.75f, true);

  private final ModelReference reference;
  private final List<SentFile> files;

  /** A file by its path in the model's folder. */
  private record SentFile(String path, List<Broadcast<byte[]>> pieces) implements Serializable {
    PiecedBytes bytes() {
      return new PiecedBytes(pieces.stream().map(Broadcast::value).toList());
    }

    boolean isValid() {
      return pieces.stream().allMatch(Broadcast::isValid);
    }
  }

  private record Sent(String application, List<SentFile> files, long bytes) {
    boolean servesTo(SparkContext context) {
      return application.equals(context.applicationId())
          && files.stream().allMatch(SentFile::isValid);
    }
  }

  /** One model, sent by whoever asks first while others wait. */
  private static final class Shipment {
    private volatile Sent sent;

    synchronized Sent to(SparkContext context, Supplier<Map<String, PiecedBytes>> content) {
      if (sent == null || !sent.servesTo(context)) {
        sent = send(content.get(), context);
      }
      return sent;
    }

    long bytes() {
      Sent now = sent;
      return now == null ? 0 : now.bytes();
    }
  }

  private ShippedModel(ModelReference reference, List<SentFile> files) {
    this.reference = reference;
    this.files = files;
  }

  /** Broadcasts a model, or finds the broadcasts that were made of it. Only on the driver. */
  public static ShippedModel ship(ModelReference reference, SparkSession session) {
    return ship(reference, session.sparkContext(), ModelAccess.of(session));
  }

  static ShippedModel ship(ModelReference reference, SparkContext context, ModelAccess access) {
    Shipment shipment;
    synchronized (SHIPMENTS) {
      shipment = SHIPMENTS.computeIfAbsent(reference.sha256(), hash -> new Shipment());
    }
    try {
      Sent sent = shipment.to(context, () -> DriverModels.files(reference, access));
      return new ShippedModel(reference, sent.files());
    } catch (RuntimeException | Error e) {
      synchronized (SHIPMENTS) {
        if (shipment.bytes() == 0) {
          SHIPMENTS.remove(reference.sha256(), shipment);
        }
      }
      throw e;
    } finally {
      forget(reference.sha256());
    }
  }

  private static Sent send(Map<String, PiecedBytes> content, SparkContext context) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(context);
    List<SentFile> files = new ArrayList<>();
    content.forEach(
        (path, bytes) ->
            files.add(
                new SentFile(path, bytes.pieces().stream().map(p -> spark.broadcast(p)).toList())));
    long bytes = content.values().stream().mapToLong(PiecedBytes::size).sum();
    return new Sent(context.applicationId(), List.copyOf(files), bytes);
  }

  /** Bytes of the models whose broadcasts the driver keeps. */
  static long sentBytes() {
    synchronized (SHIPMENTS) {
      return SHIPMENTS.values().stream().mapToLong(Shipment::bytes).sum();
    }
  }

  private static void forget(String newest) {
    synchronized (SHIPMENTS) {
      long held = sentBytes();
      Iterator<Map.Entry<String, Shipment>> oldest = SHIPMENTS.entrySet().iterator();
      while (held > CompiledModels.maxBytes() && oldest.hasNext()) {
        Map.Entry<String, Shipment> entry = oldest.next();
        long bytes = entry.getValue().bytes();
        if (bytes > 0 && !entry.getKey().equals(newest)) {
          held -= bytes;
          oldest.remove();
        }
      }
    }
  }

  public ModelReference reference() {
    return reference;
  }

  /** Identifies the broadcast of the model's first piece within the application. */
  public long broadcastId() {
    return broadcastIds().get(0);
  }

  /** Identifies all broadcasts of the model. */
  List<Long> broadcastIds() {
    return files.stream().flatMap(file -> file.pieces().stream()).map(Broadcast::id).toList();
  }

  /** The model, compiled in this JVM by whoever asks first, until the lease is closed. */
  public ModelLease lease(ModelForm form, BooleanSupplier cancelled) {
    return CompiledModels.acquire(
        reference.sha256(),
        form,
        () -> {
          Map<String, PiecedBytes> content = new HashMap<>();
          files.forEach(file -> content.put(file.path(), file.bytes()));
          return ModelContent.load(content, form);
        },
        cancelled);
  }
}
