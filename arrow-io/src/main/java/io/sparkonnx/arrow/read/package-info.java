/** From Arrow vectors to columns and feature matrices; one family of types per class. */
package io.sparkonnx.arrow.read;
