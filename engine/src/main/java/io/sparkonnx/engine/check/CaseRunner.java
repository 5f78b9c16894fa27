package io.sparkonnx.engine.check;

import io.sparkonnx.engine.DeviceUse;
import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.Session;
import io.sparkonnx.engine.Signature.Port;
import io.sparkonnx.engine.device.DeviceException;
import io.sparkonnx.engine.onnx.TestValue;
import io.sparkonnx.engine.onnx.ValueReader;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.type.ValueType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds cases and runs them. */
public final class CaseRunner {
  private static final String MODEL = "model.onnx";

  private final LoadOptions options;
  private final Tolerance tolerance;
  private DeviceUse deviceUse = DeviceUse.NONE;

  public CaseRunner(LoadOptions options, Tolerance tolerance) {
    this.options = options;
    this.tolerance = tolerance;
  }

  /**
   * Case folders in {@code root}: itself, or any folder below it, in order of their names.
   *
   * @throws IOException if the folder cannot be read
   */
  public static List<Path> find(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.endsWith(MODEL)).map(Path::getParent).sorted().toList();
    }
  }

  /** Loads the model of a case and runs all its data sets. */
  public CaseResult run(Path folder) {
    String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    long start = System.nanoTime();
    String problem;
    CaseResult.Status status = CaseResult.Status.FAILED;
    try {
      List<Path> dataSets = dataSets(folder);
      if (dataSets.isEmpty()) {
        problem = "no test_data_set_* folder";
        status = CaseResult.Status.SKIPPED;
      } else {
        problem = run(folder, dataSets);
        status = problem == null ? CaseResult.Status.PASSED : CaseResult.Status.FAILED;
      }
    } catch (OnnxException e) {
      problem = e.code() + ": " + e.getMessage();
    } catch (DeviceException e) {
      problem = "device " + e.code() + ": " + e.getMessage();
    } catch (IOException e) {
      problem = "cannot read " + e.getMessage();
    }
    return new CaseResult(name, status, problem, (System.nanoTime() - start) / 1_000_000);
  }

  private static List<Path> dataSets(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(child -> String.valueOf(child.getFileName()).startsWith("test_data_set_"))
          .sorted()
          .toList();
    }
  }

  private String run(Path folder, List<Path> dataSets) throws IOException {
    DeviceUse last = DeviceUse.NONE;
    try (Model model = Model.load(folder.resolve(MODEL), options);
        Session session = model.newSession()) {
      for (Path dataSet : dataSets) {
        Map<String, OnnxValue> inputs = read(dataSet, "input_", model.signature().inputs());
        Map<String, OnnxValue> expected = read(dataSet, "output_", model.signature().outputs());
        Map<String, OnnxValue> actual = session.run(inputs);
        last = session.deviceUse();
        String difference = compare(dataSet, expected, actual);
        if (difference != null) {
          return difference;
        }
      }
    } finally {
      deviceUse = deviceUse.plus(last);
    }
    return null;
  }

  /** Where the steps of all cases so far ran. */
  public DeviceUse deviceUse() {
    return deviceUse;
  }

  private String compare(
      Path dataSet, Map<String, OnnxValue> expected, Map<String, OnnxValue> actual) {
    if (expected.isEmpty()) {
      return dataSet.getFileName() + " expects no output at all";
    }
    for (Map.Entry<String, OnnxValue> entry : expected.entrySet()) {
      String what = dataSet.getFileName() + ": output '" + entry.getKey() + "'";
      OnnxValue value = actual.get(entry.getKey());
      String difference =
          value == null
              ? what + " is missing"
              : Comparison.difference(what, entry.getValue(), value, tolerance);
      if (difference != null) {
        return difference;
      }
    }
    return null;
  }

  /** Values of a data set by the name in their file, or, without one, by their file's number. */
  private static Map<String, OnnxValue> read(Path dataSet, String prefix, List<Port> ports)
      throws IOException {
    Map<String, ValueType> types = new LinkedHashMap<>();
    ports.forEach(port -> types.put(port.name(), port.type()));
    Map<String, OnnxValue> values = new LinkedHashMap<>();
    for (Map.Entry<Integer, Path> file : numbered(dataSet, prefix).entrySet()) {
      Port port = file.getKey() < ports.size() ? ports.get(file.getKey()) : null;
      TestValue value = ValueReader.read(file.getValue(), types, port == null ? null : port.type());
      if (types.containsKey(value.name())) {
        values.put(value.name(), value.value());
      } else if (port != null) {
        values.put(port.name(), value.value());
      } else {
        throw new OnnxException(
            OnnxException.Code.INVALID_INPUT,
            file.getValue().getFileName()
                + " holds '"
                + value.name()
                + "', the model has "
                + types.keySet());
      }
    }
    return values;
  }

  /** Files {@code prefix + number + ".pb"} by their number. */
  private static Map<Integer, Path> numbered(Path dataSet, String prefix) throws IOException {
    Pattern pattern = Pattern.compile(prefix + "(\\d{1,6})\\.pb");
    Map<Integer, Path> files = new TreeMap<>();
    try (Stream<Path> children = Files.list(dataSet)) {
      children.forEach(
          file -> {
            Matcher matcher = pattern.matcher(file.getFileName().toString());
            if (matcher.matches()) {
              files.put(Integer.valueOf(matcher.group(1)), file);
            }
          });
    }
    return files;
  }
}
