package io.sparkonnx.spark.model;

import io.sparkonnx.spark.OnnxConf;
import java.io.IOException;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.classic.SparkSession;

/**
 * How a session reaches models.
 *
 * @param hadoop for Hadoop's file systems
 * @param settings of the session
 * @param roots where models may come from
 * @param maxBytes of one model
 * @param pieceBytes size of the pieces that models are read and sent in
 */
public record ModelAccess(
    Configuration hadoop, OnnxConf settings, AllowedRoots roots, long maxBytes, int pieceBytes) {

  /**
   * The session's way. Where the application allows only some places, its own file systems are
   * used, so that no session changes what a name means.
   */
  public static ModelAccess of(SparkSession session) {
    SparkConf application = session.sparkContext().getConf();
    AllowedRoots roots = AllowedRoots.of(application, session.sparkContext().hadoopConfiguration());
    Configuration hadoop =
        roots.isRestricted()
            ? session.sparkContext().hadoopConfiguration()
            : session.sessionState().newHadoopConf();
    return new ModelAccess(
        hadoop,
        OnnxConf.of(session.sessionState().conf()),
        roots,
        OnnxConf.of(application).maxModelBytes(),
        PiecedBytes.PIECE_BYTES);
  }

  /** Whether models may come from some places only. */
  public boolean isRestricted() {
    return roots.isRestricted();
  }

  /**
   * Asks whether models may come from a path of Hadoop's file systems.
   *
   * @throws IOException if not
   */
  public void check(Path path) throws IOException {
    HadoopFile.at(path.toString(), this);
  }

  Duration timeout() {
    return settings.httpTimeout();
  }
}
