package io.sparkonnx.spark.ui;

import java.util.List;

/**
 * What an executor did with the models of a node.
 *
 * @param executor id
 * @param host where it runs
 * @param models SHA-256 of each
 * @param tasks that ended
 * @param rows scored
 * @param loadNanos the longest wait of a task until the models were there
 * @param gone whether the executor has left
 */
public record ExecutorUse(
    String executor,
    String host,
    List<String> models,
    long tasks,
    long rows,
    long loadNanos,
    boolean gone) {}
