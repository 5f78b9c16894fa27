package io.sparkonnx.spark.score;

import io.sparkonnx.engine.Signature.Port;
import io.sparkonnx.spark.OnnxModel;
import io.sparkonnx.spark.OnnxOptions;
import io.sparkonnx.spark.functions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** A job on a session: the model is known, and every column that the job names is there. */
final class JobPlan {
  private final JobSpec spec;
  private final OnnxModel model;
  private final ColumnMapping mapping;
  private final StructType schema;
  private final Dataset<Row> rows;

  private JobPlan(JobSpec spec, OnnxModel model, Dataset<Row> read) {
    this.spec = spec;
    this.model = model;
    this.schema = read.schema();
    Dataset<Row> within = spec.window() == null ? read : spec.window().of(read);
    this.rows = spec.filter() == null ? within : within.filter(spec.filter());
    this.mapping = new ColumnMapping(model.signature(), spec.mapping());
  }

  /**
   * Reads the model and the schema of the rows.
   *
   * @throws io.sparkonnx.engine.OnnxException if the model cannot be read or has another hash
   * @throws ScoreException if columns are missing or taken, all problems at once
   */
  static JobPlan of(JobSpec spec, SparkSession spark) {
    OnnxModel model = OnnxModel.load(spec.pinnedModel());
    Dataset<Row> read = InputReader.read(spec.input(), spark);
    check(spec, Arrays.asList(read.columns()), read);
    JobPlan plan = new JobPlan(spec, model, read);
    plan.mapping.columns(plan.rows);
    return plan;
  }

  private static void check(JobSpec spec, List<String> present, Dataset<Row> rows) {
    List<JobProblem> problems = new ArrayList<>();
    List<String> kept = spec.passThrough().isEmpty() ? present : spec.passThrough();
    for (String column : spec.passThrough()) {
      checkPresent("passThrough", column, present, problems);
    }
    List<String> added = new ArrayList<>(List.of(spec.column(), RunStore.RUN_COLUMN));
    if (spec.lineage()) {
      added.addAll(Lineage.COLUMNS);
    }
    if (spec.badRows().side() != null) {
      added.add(SideOutput.ERROR);
    }
    for (String column : added) {
      if (contains(kept, column)) {
        String key = column.equals(spec.column()) ? "column" : "passThrough";
        problems.add(
            new JobProblem(key, "a name that no column of the input has", "'" + column + "'"));
      }
    }
    List<String> written = new ArrayList<>(kept);
    written.addAll(added);
    for (String column : spec.output().partitionBy()) {
      checkPresent("output.partitionBy", column, written, problems);
    }
    if (spec.backfill() != null) {
      checkPresent("backfill.column", spec.backfill().column(), present, problems);
    }
    if (spec.window() != null
        && checkPresent("window.column", spec.window().column(), present, problems)
        && !TimeWindow.takes(
            rows.select(rows.col(spec.window().column())).schema().apply(0).dataType())) {
      problems.add(
          new JobProblem(
              "window.column",
              "a column of dates or timestamps",
              "'" + spec.window().column() + "'"));
    }
    if (!problems.isEmpty()) {
      throw ScoreException.of(problems);
    }
  }

  private static boolean checkPresent(
      String key, String column, List<String> present, List<JobProblem> problems) {
    boolean is = contains(present, column);
    if (!is) {
      problems.add(new JobProblem(key, "one of the columns " + present, "'" + column + "'"));
    }
    return is;
  }

  private static boolean contains(List<String> columns, String column) {
    return columns.stream().anyMatch(column::equalsIgnoreCase);
  }

  /** The job on other rows of the same columns. */
  JobPlan on(Dataset<Row> read) {
    return new JobPlan(spec, model, read);
  }

  /** The columns that are read. */
  StructType schema() {
    return schema;
  }

  OnnxModel model() {
    return model;
  }

  JobSpec spec() {
    return spec;
  }

  /** The values of the back-fill that rows have; null alone where the job is one run. */
  List<String> parts() {
    return spec.backfill() == null ? Arrays.asList((String) null) : spec.backfill().values(rows);
  }

  /**
   * Rows with the model's result, as they are written.
   *
   * @param part value of the back-fill, or null
   * @param started when the run started
   */
  Dataset<Row> scored(String part, Instant started) {
    Dataset<Row> input = part == null ? rows : spec.backfill().of(rows, part);
    Column[] arguments = mapping.columns(input);
    List<String> kept =
        spec.passThrough().isEmpty() ? Arrays.asList(input.columns()) : spec.passThrough();
    List<Column> columns = new ArrayList<>();
    kept.forEach(column -> columns.add(input.col(quoted(column))));
    switch (spec.badRows().policy()) {
      case FAIL -> columns.add(functions.onnxPredict(model, arguments).as(spec.column()));
      case NULL -> columns.add(functions.tryOnnxPredict(model, arguments).as(spec.column()));
      case SIDE -> {
        Column call = functions.tryOnnxPredict(model, OnnxOptions.NONE.withErrors(true), arguments);
        columns.add(call.getField("result").as(spec.column()));
        columns.add(call.getField("error").as(SideOutput.ERROR));
      }
    }
    return lineage(input.select(columns.toArray(Column[]::new)), started);
  }

  /** The columns of the output, without that of the run. */
  StructType written() {
    Dataset<Row> scored = scored(null, Instant.EPOCH);
    return (spec.badRows().side() == null ? scored : scored.drop(SideOutput.ERROR)).schema();
  }

  private Dataset<Row> lineage(Dataset<Row> scored, Instant started) {
    return spec.lineage() ? Lineage.added(scored, model.sha256(), started) : scored;
  }

  private static String quoted(String column) {
    return "`" + column.replace("`", "``") + "`";
  }

  /** The job in lines of a word and its meaning, for people. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(line("model", model.location()));
    lines.add(line("sha256", model.sha256()));
    lines.add(line("signature", model.signature().toString()));
    for (Port input : model.signature().inputs()) {
      lines.add(line("binding", input.name() + " <- " + mapping.text(input.name())));
    }
    JobInput input = spec.input();
    lines.add(line("input", input.format() + " " + input.name()));
    if (spec.window() != null) {
      String since = spec.window().since() == null ? "" : " since " + spec.window().since();
      String asOf = spec.window().asOf() == null ? "" : " as of " + spec.window().asOf();
      lines.add(line("window", spec.window().column() + since + asOf));
    }
    if (spec.filter() != null) {
      lines.add(line("filter", spec.filter()));
    }
    JobOutput output = spec.output();
    lines.add(
        line(
            "output",
            output.format()
                + " "
                + output.name()
                + ", "
                + output.mode().name().toLowerCase(java.util.Locale.ROOT)
                + (output.partitionBy().isEmpty() ? "" : ", partitions " + output.partitionBy())));
    if (output.state() != null) {
      lines.add(line("state", output.state()));
    }
    lines.add(line("columns", written().simpleString()));
    lines.add(line("bad rows", badRows()));
    lines.add(line("settings", spec.settings().toString()));
    return lines;
  }

  private String badRows() {
    BadRows bad = spec.badRows();
    String most = ", at most a share of " + bad.maxShare();
    return switch (bad.policy()) {
      case FAIL -> "end the job";
      case NULL -> "NULL" + most;
      case SIDE -> "to " + bad.side().format() + " " + bad.side().path() + most;
    };
  }

  static String line(String word, String meaning) {
    return String.format(java.util.Locale.ROOT, "%-10s %s", word, meaning);
  }
}
