package io.sparkonnx.spark.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
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
  private static final Map<String, Sent> SENT = new LinkedHashMap<>(16, 0.75f, true);

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

  private ShippedModel(ModelReference reference, List<SentFile> files) {
    this.reference = reference;
    this.files = files;
  }

  /** Broadcasts a model, or finds the broadcasts that were made of it. Only on the driver. */
  public static ShippedModel ship(ModelReference reference, SparkSession session) {
    return ship(reference, session.sparkContext(), ModelAccess.of(session));
  }

  static ShippedModel ship(ModelReference reference, SparkContext context, ModelAccess access) {
    synchronized (SENT) {
      Sent sent = SENT.get(reference.sha256());
      if (sent == null || !sent.servesTo(context)) {
        sent = send(DriverModels.files(reference, access), context);
        SENT.put(reference.sha256(), sent);
        forget(reference.sha256());
      }
      return new ShippedModel(reference, sent.files());
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
    synchronized (SENT) {
      return SENT.values().stream().mapToLong(Sent::bytes).sum();
    }
  }

  private static void forget(String newest) {
    long held = sentBytes();
    Iterator<Map.Entry<String, Sent>> oldest = SENT.entrySet().iterator();
    while (held > CompiledModels.maxBytes() && oldest.hasNext()) {
      Map.Entry<String, Sent> entry = oldest.next();
      if (!entry.getKey().equals(newest)) {
        held -= entry.getValue().bytes();
        oldest.remove();
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
