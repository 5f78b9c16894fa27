package io.sparkonnx.spark.model;

import io.sparkonnx.spark.OnnxConf;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;

/** Ways to models for tests, by settings. */
public final class Access {
  private Access() {}

  /** The way of an application with these keys and values. */
  public static ModelAccess of(String... settings) {
    return of(PiecedBytes.PIECE_BYTES, settings);
  }

  static ModelAccess of(int pieceBytes, String... settings) {
    SparkConf conf = new SparkConf(false);
    for (int i = 0; i < settings.length; i += 2) {
      conf.set(settings[i], settings[i + 1]);
    }
    Configuration hadoop = new Configuration();
    return new ModelAccess(
        hadoop,
        OnnxConf.of(conf),
        AllowedRoots.of(conf, hadoop),
        OnnxConf.of(conf).maxModelBytes(),
        pieceBytes);
  }

  /** What the model of a name gives for x. */
  static float predict(String written, ModelAccess access, float... x) {
    var analyzed = DriverModels.analyze(written, null, access);
    return predict(analyzed.reference(), access, x);
  }

  static float predict(ModelReference reference, ModelAccess access, float... x) {
    try (ModelLease lease =
            CompiledModels.acquire(
                reference.sha256(),
                ModelForm.WHOLE,
                () -> ModelContent.load(DriverModels.files(reference, access), ModelForm.WHOLE),
                () -> false);
        var session = lease.model().newSession()) {
      var input = io.sparkonnx.engine.tensor.Tensor.of(x, 1, x.length);
      var output =
          (io.sparkonnx.engine.tensor.FloatTensor)
              session.run(java.util.Map.of("x", input)).get("y");
      return output.toArray()[0];
    }
  }
}
