package io.sparkonnx.spark.ui;

/** How the page looks, in Spark's light and dark themes. */
final class OnnxStyle {
  static final String ELEMENT =
      """
      <style>
      #onnx h4 { margin-top: 1.2rem; }
      #onnx .onnx-cards { display: flex; flex-wrap: wrap; gap: 2.5rem; margin-bottom: 0.5rem; }
      #onnx .onnx-cards b { display: block; font-size: 1.6rem; line-height: 1.2; }
      #onnx .onnx-cards span { opacity: 0.75; }
      #onnx .onnx-bad b { color: #c62828; }
      #onnx .onnx-columns { display: flex; flex-wrap: wrap; gap: 2.5rem; }
      #onnx .onnx-columns > div { flex: 1 1 22rem; min-width: 18rem; }
      #onnx svg.onnx-chart { width: 100%; max-height: 16rem; }
      #onnx svg text { fill: currentColor; font-size: 12px; opacity: 0.75; }
      #onnx svg .grid { stroke: currentColor; opacity: 0.15; }
      #onnx svg .bar { fill: #1976d2; }
      #onnx .onnx-split { display: flex; height: 1.1rem; min-width: 10rem; overflow: hidden;
        border-radius: 3px; background: rgba(128, 128, 128, 0.15); }
      #onnx .onnx-legend { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; margin-top: 0.4rem; }
      #onnx .onnx-legend i { display: inline-block; width: 0.8rem; height: 0.8rem;
        margin-right: 0.35rem; border-radius: 2px; }
      #onnx .onnx-part0 { background: #8d6e63; }
      #onnx .onnx-part1 { background: #26a69a; }
      #onnx .onnx-part2 { background: #fbc02d; }
      #onnx .onnx-part3 { background: #ef6c00; }
      #onnx .onnx-part4 { background: #1976d2; }
      #onnx .onnx-part5 { background: #7e57c2; }
      #onnx table td { vertical-align: middle; }
      #onnx table .onnx-number { text-align: right; font-variant-numeric: tabular-nums; }
      #onnx .onnx-hash { font-family: monospace; opacity: 0.7; }
      #onnx .onnx-gone { opacity: 0.5; }
      #onnx .onnx-errors li { font-family: monospace; font-size: 0.85rem; }
      </style>
      """;

  private OnnxStyle() {}
}
