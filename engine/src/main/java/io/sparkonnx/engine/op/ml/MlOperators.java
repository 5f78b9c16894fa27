package io.sparkonnx.engine.op.ml;

import static io.sparkonnx.engine.op.OperatorTable.ML;

import io.sparkonnx.engine.op.OperatorTable;

/** Classical machine learning: trees, linear models, preprocessing of features. */
public final class MlOperators {
  private MlOperators() {}

  public static void register(OperatorTable table) {
    table
        .add(ML, "ArrayFeatureExtractor", 1, ArrayFeatureExtractor::of)
        .add(ML, "Binarizer", 1, Binarizer::of)
        .add(ML, "CastMap", 1, CastMap::of)
        .add(ML, "CategoryMapper", 1, LabelEncoder::ofCategories)
        .add(ML, "DictVectorizer", 1, DictVectorizer::of)
        .add(ML, "FeatureVectorizer", 1, FeatureVectorizer::of)
        .add(ML, "Imputer", 1, Imputer::of)
        .add(ML, "LabelEncoder", 1, LabelEncoder::ofClasses)
        .add(ML, "LabelEncoder", 2, LabelEncoder::ofPairs)
        .add(ML, "LinearClassifier", 1, LinearClassifier::of)
        .add(ML, "LinearRegressor", 1, LinearRegressor::of)
        .add(ML, "Normalizer", 1, Normalizer::of)
        .add(ML, "OneHotEncoder", 1, OneHotEncoder::of)
        .add(ML, "SVMClassifier", 1, SvmClassifier::of)
        .add(ML, "SVMRegressor", 1, SvmRegressor::of)
        .add(ML, "Scaler", 1, Scaler::of)
        .add(ML, "TreeEnsemble", 5, TreeEnsemble::of)
        .add(ML, "TreeEnsembleClassifier", 1, TreeEnsembleClassifier::of)
        .add(ML, "TreeEnsembleRegressor", 1, TreeEnsembleRegressor::of)
        .add(ML, "ZipMap", 1, ZipMap::of);
  }
}
