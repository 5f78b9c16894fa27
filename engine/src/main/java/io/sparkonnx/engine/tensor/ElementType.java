package io.sparkonnx.engine.tensor;

/**
 * ONNX element types and how each is held on the heap. Codes are those of {@code
 * TensorProto.DataType}. Types below eight bits take one byte an element; BOOL is 0 or 1 in a byte;
 * 16-bit floats are raw bits in a short; complex numbers are (real, imaginary) pairs.
 */
public enum ElementType {
  FLOAT(1, Storage.FLOAT, 32),
  UINT8(2, Storage.BYTE, 8),
  INT8(3, Storage.BYTE, 8),
  UINT16(4, Storage.SHORT, 16),
  INT16(5, Storage.SHORT, 16),
  INT32(6, Storage.INT, 32),
  INT64(7, Storage.LONG, 64),
  STRING(8, Storage.STRING, 0),
  BOOL(9, Storage.BYTE, 8),
  FLOAT16(10, Storage.SHORT, 16),
  DOUBLE(11, Storage.DOUBLE, 64),
  UINT32(12, Storage.INT, 32),
  UINT64(13, Storage.LONG, 64),
  COMPLEX64(14, Storage.FLOAT, 64),
  COMPLEX128(15, Storage.DOUBLE, 128),
  BFLOAT16(16, Storage.SHORT, 16),
  FLOAT8E4M3FN(17, Storage.BYTE, 8),
  FLOAT8E4M3FNUZ(18, Storage.BYTE, 8),
  FLOAT8E5M2(19, Storage.BYTE, 8),
  FLOAT8E5M2FNUZ(20, Storage.BYTE, 8),
  UINT4(21, Storage.BYTE, 4),
  INT4(22, Storage.BYTE, 4),
  FLOAT4E2M1(23, Storage.BYTE, 4),
  FLOAT8E8M0(24, Storage.BYTE, 8),
  UINT2(25, Storage.BYTE, 2),
  INT2(26, Storage.BYTE, 2);

  /** The Java array that holds a tensor's elements. */
  public enum Storage {
    FLOAT(4),
    DOUBLE(8),
    INT(4),
    LONG(8),
    SHORT(2),
    BYTE(1),
    /** UTF-8 bytes with offsets. */
    STRING(1);

    private final int bytes;

    Storage(int bytes) {
      this.bytes = bytes;
    }

    /** Bytes of one array element. */
    public int bytes() {
      return bytes;
    }
  }

  private static final ElementType[] BY_CODE = new ElementType[27];

  static {
    for (ElementType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final int code;
  private final Storage storage;
  private final int bits;

  ElementType(int code, Storage storage, int bits) {
    this.code = code;
    this.storage = storage;
    this.bits = bits;
  }

  /** The type with this code, or null where ONNX has none. */
  public static ElementType ofCode(int code) {
    return code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }

  public int code() {
    return code;
  }

  public Storage storage() {
    return storage;
  }

  /** Bits of one element in a file's raw data; 0 for strings. */
  public int bits() {
    return bits;
  }

  /** Java array elements per tensor element: 2 for complex numbers, else 1. */
  public int width() {
    return this == COMPLEX64 || this == COMPLEX128 ? 2 : 1;
  }

  public boolean isFloatingPoint() {
    return switch (this) {
      case FLOAT,
          DOUBLE,
          FLOAT16,
          BFLOAT16,
          FLOAT8E4M3FN,
          FLOAT8E4M3FNUZ,
          FLOAT8E5M2,
          FLOAT8E5M2FNUZ,
          FLOAT4E2M1,
          FLOAT8E8M0 ->
          true;
      default -> false;
    };
  }

  /** Whether the type is a signed or unsigned integer of any width; BOOL is not. */
  public boolean isInteger() {
    return switch (this) {
      case UINT8, INT8, UINT16, INT16, INT32, INT64, UINT32, UINT64, UINT4, INT4, UINT2, INT2 ->
          true;
      default -> false;
    };
  }

  public boolean isUnsigned() {
    return switch (this) {
      case UINT8, UINT16, UINT32, UINT64, UINT4, UINT2 -> true;
      default -> false;
    };
  }

  /** ONNX's name in lower case, e.g. {@code float16}. */
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
