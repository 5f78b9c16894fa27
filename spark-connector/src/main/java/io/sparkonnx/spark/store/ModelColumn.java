package io.sparkonnx.spark.store;

import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createMapType;

import io.sparkonnx.engine.ModelSummary;
import io.sparkonnx.engine.show.ModelCard;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.MetadataColumn;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** A column of the model table: its type and how its value comes out of a file. */
enum ModelColumn {
  PATH(Need.PATH, "Qualified path of the file"),
  SHA256(Need.BYTES, "Hash of the file's bytes, lower-case hexadecimal"),
  PRODUCER(Need.MODEL, "The exporter's name and version"),
  OPSETS(Need.MODEL, "Opset version by domain"),
  INPUTS(Need.MODEL, "What a call gives"),
  OUTPUTS(Need.MODEL, "What a call gets"),
  PARAMETERS(Need.MODEL, "Elements of the weights"),
  FLOPS(Need.MODEL, "Multiplications and additions of one run, over its symbolic dimensions"),
  FLOPS_PER_ROW(
      Need.MODEL, "The same for one row; NULL where it depends on more than the number of rows"),
  BATCHING(Need.MODEL, "Whether rows go through the model together, and why not"),
  OPERATORS(Need.MODEL, "Nodes by operator"),
  PROBLEMS(Need.MODEL, "Why the file cannot be used, or what was passed over in it"),
  CARD(Need.MODEL, "HTML that shows the model, with a drawing of its graph");

  /** The column that a query has to name, since it is long. */
  private static final String CARD_TITLE = "_card";

  private static final DataType COUNTS = createMapType(StringType, IntegerType, false);

  /** What has to be read for a column; each includes those before it. */
  enum Need {
    PATH,
    BYTES,
    MODEL
  }

  private final Need need;
  private final String comment;

  ModelColumn(Need need, String comment) {
    this.need = need;
    this.comment = comment;
  }

  Need need() {
    return need;
  }

  private String title() {
    return this == CARD ? CARD_TITLE : name().toLowerCase(Locale.ROOT);
  }

  private DataType type() {
    return switch (this) {
      case PATH, SHA256, PRODUCER, FLOPS, BATCHING, CARD -> StringType;
      case PARAMETERS, FLOPS_PER_ROW -> LongType;
      case OPSETS, OPERATORS -> COUNTS;
      case INPUTS, OUTPUTS -> createArrayType(ModelValues.PORT, false);
      case PROBLEMS -> createArrayType(StringType, false);
    };
  }

  /** The value as Catalyst holds it. Where there is no summary, what comes from it is NULL. */
  Object of(ModelFacts file) {
    Object value =
        switch (this) {
          case PATH -> file.path();
          case SHA256 -> file.sha256();
          case PROBLEMS -> file.problems();
          case CARD -> file.summary() == null ? null : card(file);
          default -> file.summary() == null ? null : of(file.summary());
        };
    return ModelValues.catalyst(value);
  }

  private Object of(ModelSummary summary) {
    return switch (this) {
      case PRODUCER -> summary.info().producer();
      case OPSETS -> ModelValues.opsets(summary);
      case INPUTS -> ModelValues.ports(summary.signature().inputs());
      case OUTPUTS -> ModelValues.ports(summary.signature().outputs());
      case PARAMETERS -> summary.parameters();
      case FLOPS -> summary.flops().toString();
      case FLOPS_PER_ROW -> ModelValues.flopsPerRow(summary);
      case BATCHING -> summary.batching().text();
      case OPERATORS -> summary.operators();
      case PATH, SHA256, PROBLEMS, CARD ->
          throw new IllegalStateException(this + " is of the file");
    };
  }

  private static String card(ModelFacts file) {
    return new ModelCard(new Path(file.path()).getName(), file.summary()).fragment();
  }

  private boolean isNullable() {
    return this != PATH && this != PROBLEMS;
  }

  static StructType schema() {
    return schema(shown());
  }

  static StructType schema(List<ModelColumn> columns) {
    StructType schema = new StructType();
    for (ModelColumn column : columns) {
      schema = schema.add(column.title(), column.type(), column.isNullable(), column.comment);
    }
    return schema;
  }

  /** The columns that a query sees without naming them. */
  static List<ModelColumn> shown() {
    return Arrays.stream(values()).filter(column -> column != CARD).toList();
  }

  /** The columns that a query has to name. */
  static MetadataColumn[] hidden() {
    return new MetadataColumn[] {
      new MetadataColumn() {
        @Override
        public String name() {
          return CARD.title();
        }

        @Override
        public DataType dataType() {
          return CARD.type();
        }

        @Override
        public String comment() {
          return CARD.comment;
        }
      }
    };
  }

  static Column[] table() {
    return shown().stream()
        .map(
            column ->
                Column.create(
                    column.title(), column.type(), column.isNullable(), column.comment, null))
        .toArray(Column[]::new);
  }

  /** The columns with these names, in their order. */
  static List<ModelColumn> named(String[] names) {
    return Arrays.stream(names).map(ModelColumn::named).toList();
  }

  private static ModelColumn named(String name) {
    return Arrays.stream(values())
        .filter(column -> column.title().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the model table has no column " + name));
  }
}
