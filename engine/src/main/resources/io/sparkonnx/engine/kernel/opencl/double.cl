// Functions through doubles, rounded once.
#ifdef cl_khr_fp64
constant double LOG2[] = {0x1.71547652b82fep+1, 0x1.ec709dc3a03fdp-1, 0x1.2776c50ef9bfep-1, 0x1.a61762a7aded9p-2, 0x1.484b13d7c02a9p-2, 0x1.0c9a84994022dp-2, 0x1.c68f568d31760p-3, 0x1.89f3b1694cffep-3, 0x1.5b9ac9b743f0dp-3};
constant double EXP2[] = {0x1.0000000000000p+0, 0x1.62e42fefa39efp-1, 0x1.ebfbdff82c58fp-3, 0x1.c6b08d704a0c0p-5, 0x1.3b2ab6fba4e77p-7, 0x1.5d87fe78a6731p-10, 0x1.430912f86c787p-13, 0x1.ffcbfc588b0c7p-17, 0x1.62c0223a5c824p-20, 0x1.b5253d395e7c4p-24, 0x1.e4cf5158b8ecap-28, 0x1.e8cac7351bb25p-32, 0x1.c3bd650fc2986p-36};

double pow_log2(double x) {
  long bits = as_long(x) - 0x3FE6A09E667F3BCDL;
  double m = as_double((bits & 0xFFFFFFFFFFFFFL) + 0x3FE6A09E667F3BCDL);
  double s = (m - 1) / (m + 1);
  double z = s * s;
  double p = LOG2[8];
  for (int i = 7; i >= 0; i--) p = fma(p, z, LOG2[i]);
  return fma(p, s, (double)(bits >> 52));
}

double pow_exp2(double x) {
  double c = x < -200.0 ? -200.0 : x;
  c = c > 200.0 ? 200.0 : c;
  double t = c + 0x1.8p52;
  double r = c - (t - 0x1.8p52);
  double p = EXP2[12];
  for (int i = 11; i >= 0; i--) p = fma(p, r, EXP2[i]);
  return as_double(as_long(p) + (as_long(t) << 52));
}

float pow_of(float a, float b) {
  if (b == 2.0f) return a * a;
  if (b == 3.0f) return a * a * a;
  if (b == 0.5f) return a == -INFINITY ? INFINITY : sqrt(a) + 0.0f;
  if (b == 1.0f) return a;
  if (b == 0.0f) return 1.0f;
  if (isnan(a) || isnan(b)) return NAN;
  float magnitude = fabs(a);
  if (fabs(b) == INFINITY) {
    if (magnitude == 1.0f) return NAN;
    return (magnitude > 1.0f) == (b > 0.0f) ? INFINITY : 0.0f;
  }
  bool negative = as_int(a) < 0;
  bool odd = negative && fabs(b) < 0x1p24f && rint(b) == b && ((int)b & 1) != 0;
  if (magnitude == 0.0f || magnitude == INFINITY) {
    float limit = (magnitude == 0.0f) == (b < 0.0f) ? INFINITY : 0.0f;
    return odd ? -limit : limit;
  }
  if (negative && rint(b) != b) return NAN;
  float y = (float)pow_exp2((double)b * pow_log2((double)magnitude));
  return odd ? -y : y;
}

constant ulong TWO_OVER_PI_BITS[] = {
  0xa2f9836e4e441529UL, 0xfc2757d1f534ddc0UL, 0xdb6295993c439041UL, 0xfe5163abdebbc561UL
};

float sin_or_cos(double r, int n) {
  double s = r * r;
  double y;
  if ((n & 1) == 0) {
    double p = fma(-0x1.ae64567f544e4p-26, s, 0x1.71de3a556c734p-19);
    p = fma(p, s, -0x1.a01a01a01a01ap-13);
    p = fma(p, s, 0x1.1111111111111p-7);
    p = fma(p, s, -0x1.5555555555555p-3);
    y = fma(p * s, r, r);
  } else {
    double p = fma(0x1.1eed8eff8d898p-29, s, -0x1.27e4fb7789f5cp-22);
    p = fma(p, s, 0x1.a01a01a01a01ap-16);
    p = fma(p, s, -0x1.6c16c16c16c17p-10);
    p = fma(p, s, 0x1.5555555555555p-5);
    p = fma(p, s, -0.5);
    y = fma(p, s, 1.0);
  }
  return (float)((n & 2) == 0 ? y : -y);
}

ulong pi_word(int position) {
  int index = position >> 6;
  int shift = position & 63;
  ulong head = TWO_OVER_PI_BITS[index] << shift;
  return shift == 0 ? head : head | (TWO_OVER_PI_BITS[index + 1] >> (64 - shift));
}

float quarter(float x, int turn) {
  float a = fabs(x);
  if (a < 0x1p40f) {
    double t = fma((double)x, 0x1.45f306dc9c883p-1, 0x1.8p52);
    double n = t - 0x1.8p52;
    double r = fma(n, -0x1.1a62633145c07p-54, fma(n, -0x1.921fb54442d18p0, (double)x));
    if (turn == 0 && r == 0) return x;
    return sin_or_cos(r, (int)as_long(t) + turn);
  }
  if (!(a < INFINITY)) return NAN;
  int bits = as_int(x);
  ulong significand = (bits & 0x7FFFFF) | 0x800000;
  int position = ((bits >> 23) & 0xFF) - 152;
  ulong high = pi_word(position);
  ulong turns = significand * high + mul_hi(significand, pi_word(position + 64));
  ulong n = (turns + (1UL << 61)) >> 62;
  double r = (double)(long)(turns - (n << 62)) * 0x1p-62 * 0x1.921fb54442d18p0;
  return x < 0.0f ? sin_or_cos(-r, turn - (int)n) : sin_or_cos(r, turn + (int)n);
}
#else
float pow_of(float a, float b) { return NAN; }
float quarter(float x, int turn) { return NAN; }
#endif
