package io.sparkonnx.engine.show;

/** How a card looks, on light and dark pages. */
final class CardStyle {
  static final String ELEMENT =
      """
      <style>
      .onnx-card { font-family: system-ui, sans-serif; font-size: 14px; line-height: 1.45;
        max-width: 1200px; }
      .onnx-card h2 { margin: 0.4em 0; font-size: 1.3em; }
      .onnx-card table { border-collapse: collapse; margin: 0 0 1em; }
      .onnx-card th, .onnx-card td { text-align: left !important; vertical-align: top;
        padding: 2px 14px 2px 0; background: none; border: 0; overflow-wrap: anywhere; }
      .onnx-card th { font-weight: 600; white-space: nowrap; }
      .onnx-card details { margin: 0.8em 0; }
      .onnx-card details:target > summary { background: #fff3c4; color: #222; }
      .onnx-card summary { cursor: pointer; padding: 2px 4px; }
      .onnx-card .scroll { overflow-x: auto; }
      .onnx-card svg.graph { display: block; height: auto; max-width: none; }
      .onnx-card svg text { font: 12px ui-monospace, monospace; text-anchor: middle; fill: #1a1a1a; }
      .onnx-card svg rect { fill: #eef3fa; stroke: #7a93b5; }
      .onnx-card svg .input rect, .onnx-card svg .output rect { fill: #e3f1e2; stroke: #6d9c69; }
      .onnx-card svg .group rect { fill: #fdf0d8; stroke: #c79a43; }
      .onnx-card svg .beside rect { fill: #f2f2f2; stroke: #a8a8a8; stroke-dasharray: 4 3; }
      .onnx-card svg a text { fill: #0b57a4; text-decoration: underline; }
      .onnx-card svg .edge { fill: none; stroke: #8a8a8a; stroke-width: 1.2; }
      .onnx-card svg .tip { fill: #8a8a8a; }
      </style>
      """;

  private CardStyle() {}
}
