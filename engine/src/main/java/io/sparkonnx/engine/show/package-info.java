/** Shows a model to people: a card in HTML with a drawing of the graph. */
package io.sparkonnx.engine.show;
