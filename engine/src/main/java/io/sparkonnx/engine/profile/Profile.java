package io.sparkonnx.engine.profile;

import java.util.Map;

/**
 * What a profile found.
 *
 * @param rowsPerRun rows of one run; 1 for models of a fixed shape
 * @param rowsPerSecond rows of all sessions together per second
 * @param medianMillis median time of one run
 * @param gflopPerSecond rate of all sessions together by the model's own count of operations
 * @param workspaceBytes working memory of one session
 * @param shareByOperator share of the time per operator, largest first
 */
public record Profile(
    int rowsPerRun,
    double rowsPerSecond,
    double medianMillis,
    double gflopPerSecond,
    long workspaceBytes,
    Map<String, Double> shareByOperator) {}
