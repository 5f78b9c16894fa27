package io.sparkonnx.cluster;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.spark.SparkSessionExtension;
import io.sparkonnx.spark.TestModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A cluster of two workers with two cores each, and a model that takes its time. */
public final class SharedCluster implements ParameterResolver {
  static final String ONE = "one";
  static final String TWO = "two";

  /** Rows of a query and tasks that score them. */
  static final int ROWS = 400_000;

  static final int TASKS = 40;

  private static final int HIDDEN = 512;

  /** What all test classes share. */
  static final class Fixture implements AutoCloseable {
    private final Path folder;
    private final StandaloneCluster cluster;
    private final AtomicInteger names = new AtomicInteger();

    Fixture() throws IOException, InterruptedException {
      folder = Files.createTempDirectory("cluster");
      cluster = new StandaloneCluster(Files.createDirectory(folder.resolve("home")));
      startWorkers();
    }

    private void startWorkers() throws IOException, InterruptedException {
      cluster.startWorker(ONE, Map.of(), Map.of());
      cluster.startWorker(TWO, Map.of(), Map.of());
    }

    StandaloneCluster cluster() {
      return cluster;
    }

    Path folder() {
      return folder;
    }

    /** A file or folder that does not exist yet. */
    Path fresh(String name) {
      return folder.resolve(name + "-" + names.incrementAndGet());
    }

    /**
     * Two numbers through two dense layers of 512.
     *
     * @param seed of the weights
     */
    String perceptron(long seed) throws IOException {
      Path at = Files.createDirectories(folder.resolve("version-" + seed));
      if (Files.exists(at.resolve("perceptron.onnx"))) {
        return at.resolve("perceptron.onnx").toString();
      }
      return new TestModel()
          .input("x", ElementType.FLOAT, "N", 2)
          .floats("a", random(seed, 2 * HIDDEN), 2, HIDDEN)
          .floats("b", random(seed + 1, HIDDEN * HIDDEN), HIDDEN, HIDDEN)
          .floats("c", random(seed + 2, HIDDEN), HIDDEN, 1)
          .node("MatMul", List.of("x", "a"), List.of("h"))
          .node("Tanh", List.of("h"), List.of("i"))
          .node("MatMul", List.of("i", "b"), List.of("j"))
          .node("Tanh", List.of("j"), List.of("k"))
          .node("MatMul", List.of("k", "c"), List.of("y"))
          .output("y", ElementType.FLOAT, "N", 1)
          .write(at, "perceptron.onnx");
    }

    private static float[] random(long seed, int size) {
      Random random = new Random(seed);
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (float) random.nextGaussian() / 8;
      }
      return values;
    }

    /** How many tasks executors of a worker have ended. */
    int finishedTasks(String worker) throws IOException {
      return cluster.executorLogs(worker).split("Finished task", -1).length - 1;
    }

    /** A statement that scores the rows into a folder. */
    String scoring(String function, String model, Path output) {
      return "INSERT OVERWRITE DIRECTORY '"
          + output
          + "' USING parquet SELECT id, "
          + function
          + "('"
          + model
          + "', float(id % 1000) / 1000F, float(id % 77) / 77F) y FROM range(0, "
          + ROWS
          + ", 1, "
          + TASKS
          + ")";
    }

    /** The same statement in a local session. */
    void scoreHere(String function, String model, Path output) {
      SparkSessionExtension.session().sql(scoring(function, model, output));
    }

    /** Number of rows and of ids and a hash of all bits, whatever their order. */
    static Row digest(Path output) {
      return SparkSessionExtension.session()
          .read()
          .parquet(output.toString())
          .selectExpr("count(*)", "count(DISTINCT id)", "bit_xor(xxhash64(id, y))")
          .head();
    }

    @Override
    public void close() throws Exception {
      cluster.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Fixture.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(SharedCluster.class))
        .getOrComputeIfAbsent(
            Fixture.class,
            key -> {
              try {
                return new Fixture();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            },
            Fixture.class);
  }
}
