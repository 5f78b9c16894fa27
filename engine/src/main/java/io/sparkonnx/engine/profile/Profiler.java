package io.sparkonnx.engine.profile;

import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.Session;
import io.sparkonnx.engine.Signature;
import io.sparkonnx.engine.StepObserver;
import io.sparkonnx.engine.device.DeviceTimes;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs a model on random inputs for a while. */
public final class Profiler {
  private static final int OTHER_DIMS = 16;

  private final Model model;
  private final int rows;
  private final Map<String, Integer> dims;
  private final Set<String> rowSymbols;

  /**
   * @param batchSize rows of a run, where the model takes any number
   * @param dims lengths of symbolic dimensions that do not count rows, by name; 16 where nothing is
   *     said
   * @throws OnnxException INVALID_INPUT for a length below 1, or of a dimension that the inputs do
   *     not have or that counts rows
   */
  public Profiler(Model model, int batchSize, Map<String, Integer> dims) {
    this.model = model;
    this.dims = dims;
    this.rowSymbols = rowSymbols(model);
    this.rows = rowSymbols.isEmpty() ? 1 : batchSize;
    Set<String> open = openSymbols(model);
    open.removeAll(rowSymbols);
    for (Map.Entry<String, Integer> dim : dims.entrySet()) {
      if (!open.contains(dim.getKey()) || dim.getValue() < 1) {
        throw new OnnxException(
            OnnxException.Code.INVALID_INPUT,
            "dimension "
                + dim
                + ": lengths of at least 1 can be given to "
                + open
                + "; the batch size gives the rows");
      }
    }
  }

  private static Set<String> openSymbols(Model model) {
    Set<String> symbols = new TreeSet<>();
    for (Signature.Port port : model.signature().inputs()) {
      if (port.type() instanceof TensorType type && type.shape().hasRank()) {
        type.shape().dims().forEach(dim -> symbols.addAll(dim.symbols()));
      }
    }
    return symbols;
  }

  private static Set<String> rowSymbols(Model model) {
    Set<String> symbols = new HashSet<>();
    model
        .signature()
        .inputs()
        .forEach(
            port -> {
              Integer axis = model.batching().inputAxes().get(port.name());
              if (axis != null) {
                symbols.add(((TensorType) port.type()).shape().dim(axis).symbolName());
              }
            });
    return symbols;
  }

  private long length(String symbol) {
    Integer said = dims.get(symbol);
    if (said != null) {
      return said;
    }
    return rowSymbols.contains(symbol) ? rows : OTHER_DIMS;
  }

  /** Warms up and measures, each for {@code seconds}, on {@code threads} sessions. */
  public Profile run(int threads, double seconds) {
    Map<String, OnnxValue> inputs = new RandomInputs().make(model.signature(), this::length);
    long nanos = (long) (seconds * 1e9);
    measure(inputs, threads, nanos);
    List<Timing> timings = measure(inputs, threads, nanos);
    double runs = timings.stream().mapToDouble(Timing::runsPerSecond).sum();
    long[] times =
        timings.stream().flatMapToLong(t -> t.times().stream().mapToLong(n -> n)).toArray();
    Arrays.sort(times);
    double flops = model.summary().flops().evaluate(this::length);
    return new Profile(
        rows,
        runs * rows,
        times[times.length / 2] / 1e6,
        runs * flops / 1e9,
        timings.get(0).workspaceBytes(),
        steps(inputs, nanos),
        timings.get(0).device());
  }

  private record Timing(
      List<Long> times, double runsPerSecond, long workspaceBytes, DeviceTimes device) {}

  private List<Timing> measure(Map<String, OnnxValue> inputs, int threads, long nanos) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Timing>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(pool.submit(() -> measureOne(inputs, nanos)));
      }
      List<Timing> timings = new ArrayList<>();
      for (Future<Timing> future : running) {
        timings.add(future.get());
      }
      return timings;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while profiling", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private Timing measureOne(Map<String, OnnxValue> inputs, long nanos) {
    List<Long> times = new ArrayList<>();
    try (Session session = model.newSession()) {
      long start = System.nanoTime();
      long last = start;
      while (last - start < nanos || times.isEmpty()) {
        session.run(inputs);
        long now = System.nanoTime();
        times.add(now - last);
        last = now;
      }
      return new Timing(
          times,
          times.size() * 1e9 / (last - start),
          session.workspaceBytes(),
          ofRun(session.deviceUse().times(), times.size()));
    }
  }

  private static DeviceTimes ofRun(DeviceTimes all, int runs) {
    return new DeviceTimes(
        all.kernelNanos() / runs, all.transferNanos() / runs, all.overlapNanos() / runs);
  }

  private record Step(String node, String operator, boolean onDevice) {}

  private List<StepTime> steps(Map<String, OnnxValue> inputs, long nanos) {
    Map<Step, Long> sums = new LinkedHashMap<>();
    StepObserver observer =
        (node, operator, onDevice, time) ->
            sums.merge(new Step(node, operator, onDevice), time, Long::sum);
    int runs = 0;
    try (Session session = model.newSession(observer)) {
      long start = System.nanoTime();
      do {
        session.run(inputs);
        runs++;
      } while (System.nanoTime() - start < nanos / 2);
    }
    double total = sums.values().stream().mapToLong(n -> n).sum();
    List<StepTime> steps = new ArrayList<>();
    for (Map.Entry<Step, Long> sum : sums.entrySet()) {
      Step step = sum.getKey();
      double share = sum.getValue() / total;
      double millis = sum.getValue() / 1e6 / runs;
      steps.add(new StepTime(step.node(), step.operator(), step.onDevice(), share, millis));
    }
    return steps;
  }
}
