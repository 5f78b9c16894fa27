package io.sparkonnx.spark.image;

import io.sparkonnx.spark.plan.Sequences;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/** An image as an array of floats that a model takes. */
public final class OnnxImage extends Expression implements CodegenFallback, Serializable {
  private static final long serialVersionUID = 1L;

  private final ImageFunction function;
  private final Expression child;

  public OnnxImage(ImageFunction function, Expression child) {
    this.function = function;
    this.child = child;
  }

  @Override
  public DataType dataType() {
    return DataTypes.createArrayType(DataTypes.FloatType, false);
  }

  @Override
  public boolean nullable() {
    return child.nullable() || function.orNull();
  }

  @Override
  public boolean throwable() {
    return true;
  }

  @Override
  public boolean expensive() {
    return true;
  }

  @Override
  public boolean foldable() {
    return child.foldable();
  }

  @Override
  public Object eval(InternalRow input) {
    Object image = child.eval(input);
    return image == null ? null : function.apply(image);
  }

  /** Decoding takes far longer than a call through {@link #eval}. */
  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    return CodegenFallback.super.doGenCode(context, code);
  }

  @Override
  public Seq<Expression> children() {
    return Sequences.of(child);
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
    return new OnnxImage(function, newChildren.head());
  }

  @Override
  public String prettyName() {
    return function.name();
  }

  @Override
  public String toString() {
    return text(child.toString());
  }

  @Override
  public String sql() {
    return text(child.sql());
  }

  private String text(String image) {
    ImageTensor tensor = function.tensor();
    return function.name()
        + "("
        + image
        + ", "
        + tensor.height()
        + ", "
        + tensor.width()
        + (tensor.channelsFirst() ? ", NCHW)" : ", NHWC)");
  }

  @Override
  public int productArity() {
    return 2;
  }

  @Override
  public Object productElement(int n) {
    return n == 0 ? function : child;
  }

  @Override
  public boolean canEqual(Object that) {
    return that instanceof OnnxImage;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OnnxImage that
        && function.equals(that.function)
        && child.equals(that.child);
  }

  @Override
  public int hashCode() {
    return 31 * function.hashCode() + child.hashCode();
  }
}
