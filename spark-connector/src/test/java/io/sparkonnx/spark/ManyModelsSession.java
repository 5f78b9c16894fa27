package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.spark.model.CacheReport;
import io.sparkonnx.spark.model.CompiledModels;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.util.ArrowUtils;

/**
 * One session that runs many queries with many models, some of which fail, are cancelled or stop at
 * a limit. It tells what it holds after every fifty. The argument is a folder for its files.
 */
public final class ManyModelsSession {
  static final int MODELS = 50;
  static final int QUERIES = 200;

  /** Holds three of the ten heavy models. */
  static final long CACHE_BYTES = 16 << 20;

  /** Starts the line of a state. */
  static final String STATE = "STATE";

  private static final int WIDTH = 16;
  private static final long ROWS = 1000;
  private static final int HEAVY_COLUMNS = 1 << 16;

  /**
   * What is held between two queries, after full collections.
   *
   * @param queries that have run
   * @param heap live bytes
   * @param blocks of broadcasts
   * @param weights bytes of storage memory that no block has
   * @param execution bytes of execution memory
   * @param cache bytes of compiled models
   * @param cached compiled models
   * @param users of compiled models
   * @param arrow bytes of Arrow's buffers
   * @param allocators of Arrow below the root
   */
  record State(
      long queries,
      long heap,
      long blocks,
      long weights,
      long execution,
      long cache,
      long cached,
      long users,
      long arrow,
      long allocators) {
    static State now(int queries) throws InterruptedException {
      for (int i = 0; i < 10; i++) {
        System.gc();
        Thread.sleep(100);
      }
      CacheReport cache = CompiledModels.report();
      return new State(
          queries,
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
          StorageMemory.broadcastBlocks(),
          StorageMemory.ofWeights(),
          SparkEnv.get().memoryManager().executionMemoryUsed(),
          cache.bytes(),
          cache.models().size(),
          cache.models().stream().mapToLong(CacheReport.Held::users).sum(),
          ArrowUtils.rootAllocator().getAllocatedMemory(),
          ArrowUtils.rootAllocator().getChildAllocators().size());
    }

    String line() {
      List<Long> values =
          List.of(
              queries, heap, blocks, weights, execution, cache, cached, users, arrow, allocators);
      return STATE + " " + String.join(" ", values.stream().map(String::valueOf).toList());
    }

    static State parse(String line) {
      long[] v =
          Arrays.stream(line.substring(STATE.length() + 1).split(" "))
              .mapToLong(Long::parseLong)
              .toArray();
      return new State(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9]);
    }
  }

  private final SparkSession spark;
  private final String parquet;
  private final String arrow;
  private final String broken;
  private final List<String> models = new ArrayList<>();

  private ManyModelsSession(SparkSession spark, Path folder) {
    this.spark = spark;
    this.parquet = folder.resolve("parquet").toString();
    this.arrow = folder.resolve("arrow").toString();
    this.broken = folder.resolve("broken").toString();
    Dataset<Row> rows =
        spark
            .range(0, ROWS, 1, 2)
            .selectExpr("id", "array_repeat(float(id % 8), " + WIDTH + ") AS x");
    rows.write().parquet(parquet);
    rows.write().format("arrow").save(arrow);
    rows.selectExpr("id", "if(id = " + (ROWS - 1) + ", null, x) AS x")
        .write()
        .format("arrow")
        .save(broken);
    for (int i = 0; i < MODELS; i++) {
      models.add(model(i).write(folder, "model" + i + ".onnx"));
    }
  }

  /** y [N] = (number + 1) · the sum of x [N, 16], by way of one or many equal columns. */
  private static TestModel model(int number) {
    int columns = number % 5 == 0 ? HEAVY_COLUMNS : 8;
    float[] weights = new float[WIDTH * columns];
    Arrays.fill(weights, number + 1);
    return new TestModel()
        .input("x", ElementType.FLOAT, "N", WIDTH)
        .floats("w", weights, WIDTH, columns)
        .node("MatMul", List.of("x", "w"), List.of("h"))
        .node("ReduceMax", List.of("h"), List.of("y"), "axes", List.of(1), "keepdims", 0)
        .output("y", ElementType.FLOAT, "N");
  }

  private static float expected(int model, long id) {
    return (model + 1) * (float) WIDTH * (id % 8);
  }

  private void run(int query) throws Exception {
    int model = query % MODELS;
    Column score = onnxPredict(models.get(model), col("x")).as("s");
    switch ((query + query / MODELS) % 6) {
      case 0 -> greatest(spark.read().parquet(parquet).select(score), model);
      case 1 -> greatest(spark.read().parquet(parquet).filter("id >= 0").select(score), model);
      case 2 -> greatest(spark.read().format("arrow").load(arrow).select(score), model);
      case 3 -> first(spark.read().format("arrow").load(arrow).select(col("id"), score), model);
      case 4 -> failed(spark.read().format("arrow").load(broken).select(score));
      default -> cancelled(query, score);
    }
  }

  private static void greatest(Dataset<Row> scored, int model) {
    check(scored.agg(max("s")).first().getFloat(0) == expected(model, 7), scored);
  }

  private static void first(Dataset<Row> scored, int model) {
    List<Row> rows = scored.limit(3).collectAsList();
    check(rows.size() == 3, scored);
    rows.forEach(row -> check(row.getFloat(1) == expected(model, row.getLong(0)), scored));
  }

  private static void failed(Dataset<Row> scored) {
    try {
      scored.collectAsList();
    } catch (Exception e) {
      check(String.valueOf(e).contains("is NULL"), e);
      return;
    }
    throw new IllegalStateException("the NULL was scored");
  }

  /** Waits for the first task of a job group. */
  private static final class GroupStarts extends SparkListener {
    private final String group;
    private final CountDownLatch started;
    private boolean submitted;

    GroupStarts(String group, CountDownLatch started) {
      this.group = group;
      this.started = started;
    }

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      submitted |= group.equals(job.properties().getProperty("spark.jobGroup.id"));
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart task) {
      if (submitted) {
        started.countDown();
      }
    }
  }

  /** Would score some hundred million rows. */
  private void cancelled(int query, Column score) throws InterruptedException {
    SparkContext context = spark.sparkContext();
    String group = "group" + query;
    CountDownLatch started = new CountDownLatch(1);
    SparkListener starts = new GroupStarts(group, started);
    context.addSparkListener(starts);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<?> job =
          thread.submit(
              () -> {
                context.setJobGroup(group, "cancelled", query % 4 < 2);
                Dataset<Row> rows = spark.read().format("arrow").load(arrow);
                rows.selectExpr("x", "explode(sequence(1, 400000)) AS i")
                    .select(score)
                    .agg(max("s"))
                    .collectAsList();
              });
      check(started.await(60, TimeUnit.SECONDS), "the query has not begun");
      Thread.sleep(50);
      context.cancelJobGroup(group);
      job.get();
      throw new IllegalStateException("the query was not cancelled");
    } catch (ExecutionException e) {
      check(String.valueOf(e).contains("cancelled"), e);
    } finally {
      thread.shutdown();
      context.removeSparkListener(starts);
    }
    while (context.statusTracker().getExecutorInfos()[0].numRunningTasks() > 0) {
      Thread.sleep(10);
    }
  }

  private static void check(boolean holds, Object what) {
    if (!holds) {
      throw new IllegalStateException(
          String.valueOf(what), what instanceof Exception cause ? cause : null);
    }
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws Exception {
    // Spark's own records of past queries are bounded too, at more than this session runs.
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.retainedJobs", "5")
            .config("spark.ui.retainedStages", "5")
            .config("spark.ui.retainedTasks", "20")
            .config("spark.ui.dagGraph.retainedRootRDDs", "5")
            .config("spark.sql.ui.retainedExecutions", "5")
            .config("spark.sql.shuffle.partitions", "2")
            .config(OnnxConf.CACHE_MAX_BYTES, String.valueOf(CACHE_BYTES))
            .getOrCreate();
    spark.sparkContext().setLogLevel("OFF");
    ManyModelsSession session = new ManyModelsSession(spark, Path.of(args[0]));
    for (int query = 0; query < QUERIES; query++) {
      session.run(query);
      if ((query + 1) % MODELS == 0) {
        System.out.println(State.now(query + 1).line());
      }
    }
    spark.stop();
  }
}
