package io.sparkonnx.spark.model;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model of the zoo: {@code zoo:name} or {@code zoo:name?opset=12}.
 *
 * @param opset version of the standard operators; null for the newest
 */
record ZooName(String name, Integer opset) {
  static final String SCHEME = "zoo:";
  private static final Pattern FORM = Pattern.compile("zoo:([^?/]+)(?:\\?opset=(\\d{1,6}))?");

  static ZooName parse(String location) {
    Matcher form = FORM.matcher(location);
    if (!form.matches()) {
      throw new OnnxException(
          Code.MODEL_NOT_READABLE,
          "'" + location + "' is no model of the zoo; zoo:name or zoo:name?opset=12 is expected");
    }
    String opset = form.group(2);
    return new ZooName(form.group(1), opset == null ? null : Integer.valueOf(opset));
  }
}
