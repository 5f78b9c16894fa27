/**
 * The contract of an operator. Families live in sub-packages: one operator per file with its
 * attributes, shape and contents rules, batch rule and evaluation; a table per family registers
 * them by domain, name and the opset version from which each variant holds.
 */
package io.sparkonnx.engine.op;
