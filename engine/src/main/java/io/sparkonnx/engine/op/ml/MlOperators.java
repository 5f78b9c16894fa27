package io.sparkonnx.engine.op.ml;

import static io.sparkonnx.engine.op.OperatorTable.ML;

import io.sparkonnx.engine.op.OperatorTable;

/** Classical machine learning: trees, linear models, preprocessing of features. */
public final class MlOperators {
  private MlOperators() {}

  public static void register(OperatorTable table) {
    table
        .add(ML, "LinearClassifier", 1, LinearClassifier::of)
        .add(ML, "LinearRegressor", 1, LinearRegressor::of)
        .add(ML, "Normalizer", 1, Normalizer::of)
        .add(ML, "Scaler", 1, Scaler::of)
        .add(ML, "TreeEnsembleClassifier", 1, TreeEnsembleClassifier::of)
        .add(ML, "TreeEnsembleRegressor", 1, TreeEnsembleRegressor::of)
        .add(ML, "ZipMap", 1, ZipMap::of);
  }
}
