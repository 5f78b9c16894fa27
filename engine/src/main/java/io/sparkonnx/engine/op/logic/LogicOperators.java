package io.sparkonnx.engine.op.logic;

import static io.sparkonnx.engine.op.OperatorTable.ONNX;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.OperatorTable;
import io.sparkonnx.engine.op.elementwise.Alignment;
import io.sparkonnx.engine.op.elementwise.Arithmetic;
import io.sparkonnx.engine.op.elementwise.Comparison;
import io.sparkonnx.engine.op.elementwise.FoldOperator;
import io.sparkonnx.engine.op.elementwise.Types;

/** Comparisons, truth values and bits. */
public final class LogicOperators {
  private LogicOperators() {}

  public static void register(OperatorTable table) {
    compare(table, "Equal", Comparison.EQUAL, 1);
    compare(table, "Less", Comparison.LESS, 1);
    compare(table, "Greater", Comparison.GREATER, 1);
    compare(table, "LessOrEqual", Comparison.LESS_OR_EQUAL, 12);
    compare(table, "GreaterOrEqual", Comparison.GREATER_OR_EQUAL, 12);
    truth(table, "And", Arithmetic.AND);
    truth(table, "Or", Arithmetic.OR);
    truth(table, "Xor", Arithmetic.XOR);
    bits(table, "BitwiseAnd", Arithmetic.AND);
    bits(table, "BitwiseOr", Arithmetic.OR);
    bits(table, "BitwiseXor", Arithmetic.XOR);
    table
        .add(ONNX, "Not", 1, a -> new Complement("Not", Types.BOOLEANS))
        .add(ONNX, "BitwiseNot", 18, a -> new Complement("BitwiseNot", Types.INTEGERS))
        .add(ONNX, "BitShift", 11, LogicOperators::shift)
        .add(ONNX, "IsNaN", 9, a -> NonFinite.isNan())
        .add(ONNX, "IsInf", 10, NonFinite::isInf);
  }

  private static void compare(OperatorTable table, String type, Comparison f, int since) {
    table.add(ONNX, type, since, a -> new Compare(type, f, Alignment.ofAttributes(a)));
    if (since < 7) {
      table.add(ONNX, type, 7, a -> new Compare(type, f, Alignment.FROM_END));
    }
  }

  private static void truth(OperatorTable table, String type, Arithmetic f) {
    table
        .add(ONNX, type, 1, a -> fold(type, f, Types.BOOLEANS, Alignment.ofAttributes(a)))
        .add(ONNX, type, 7, a -> fold(type, f, Types.BOOLEANS, Alignment.FROM_END));
  }

  private static void bits(OperatorTable table, String type, Arithmetic f) {
    table.add(ONNX, type, 18, a -> fold(type, f, Types.INTEGERS, Alignment.FROM_END));
  }

  private static Operator fold(String type, Arithmetic f, Types types, Alignment alignment) {
    return new FoldOperator(type, f, types, alignment, false);
  }

  private static Operator shift(Attributes attributes) {
    String direction = attributes.string("direction");
    return switch (direction) {
      case "LEFT" -> fold("BitShift", Arithmetic.SHIFT_LEFT, Types.INTEGERS, Alignment.FROM_END);
      case "RIGHT" -> fold("BitShift", Arithmetic.SHIFT_RIGHT, Types.INTEGERS, Alignment.FROM_END);
      default -> throw attributes.error("direction is '" + direction + "', expected LEFT or RIGHT");
    };
  }
}
