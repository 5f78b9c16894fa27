package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.MapValue;
import io.sparkonnx.engine.tensor.SequenceValue;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.vectorized.ColumnarMap;

/** The maps of a sequence, one a row. */
final class MapVector extends ResultVector {
  private final MapType mapType;
  private final SequenceValue maps;
  private final ElementVector keys;
  private final ElementVector values;
  private final int size;

  MapVector(MapType type, SequenceValue maps) {
    super(type);
    this.mapType = type;
    this.maps = maps;
    this.size = maps.isMaps() ? maps.mapKeys().size() : 0;
    boolean shared = maps.isMaps();
    this.keys =
        shared ? new ElementVector(type.keyType(), maps.mapKeys(), Math.max(1, size)) : null;
    this.values = shared ? new ElementVector(type.valueType(), maps.mapValues()) : null;
  }

  @Override
  public ColumnarMap getMap(int rowId) {
    if (keys != null) {
      return new ColumnarMap(keys, values, rowId * size, size);
    }
    return mapOf(mapType, (MapValue) maps.get(rowId));
  }

  static ColumnarMap mapOf(MapType type, MapValue map) {
    return new ColumnarMap(
        new ElementVector(type.keyType(), map.keys()),
        new ElementVector(type.valueType(), map.values()),
        0,
        map.keys().size());
  }
}
