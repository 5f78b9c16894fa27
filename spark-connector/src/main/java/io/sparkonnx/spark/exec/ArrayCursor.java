package io.sparkonnx.spark.exec;

/**
 * Walks one row's nested arrays: level 0 is the row's array, and entering an element makes it the
 * array of the next level.
 */
interface ArrayCursor {
  /** Elements of the current array of a level. */
  int size(int level);

  /** Makes an element of a level's array the current array of the next level; false for NULL. */
  boolean enter(int level, int element);

  /** The values that the current innermost array is part of. */
  ElementSource values();

  /** Index in {@link #values()} of the current innermost array's first element. */
  int start();

  /** Index in the current innermost array of its first NULL, or -1. */
  int firstNull();
}
