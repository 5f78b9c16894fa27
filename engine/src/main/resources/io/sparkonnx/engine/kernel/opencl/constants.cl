// The polynomials of kernel.scalar.
#pragma OPENCL FP_CONTRACT OFF
#ifdef cl_khr_fp64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

#define MAGIC 0x1.8p23f
#define LOG2_E 0x1.715476p0f
#define LN2_HIGH 0x1.62e430p-1f
#define LN2_LOW (-0x1.05c610p-29f)
#define MAX 89.0f
#define MIN (-104.0f)
#define EXPM1_MIN (-18.0f)
#define EXPM1_LINEAR 0x1p-25f
#define P0 0.5f
#define P1 0x1.555554p-3f
#define P2 0x1.5554e6p-5f
#define P3 0x1.111302p-7f
#define P4 0x1.6d4f4ep-10f
#define P5 0x1.9e187cp-13f
#define SUBNORMAL_SCALE 0x1p23f
#define SUBNORMAL_EXPONENT 23.0f
#define SQRT_TWO_MINUS_ONE 0x1.a8279ap-2f
#define Q0 (-0.5f)
#define Q1 0x1.555546p-2f
#define Q2 (-0x1.ffffeep-3f)
#define Q3 0x1.99a544p-3f
#define Q4 (-0x1.5562e2p-3f)
#define Q5 0x1.2332c6p-3f
#define Q6 (-0x1.fb4316p-4f)
#define Q7 0x1.e65150p-4f
#define Q8 (-0x1.e2ec3cp-4f)
#define Q9 0x1.1b438ep-4f
#define TANH_SMALL 0.55f
#define TANH_MAX 10.0f
#define T0 (-0x1.55554cp-2f)
#define T1 0x1.110d6ap-3f
#define T2 (-0x1.b93204p-5f)
#define T3 0x1.598306p-6f
#define T4 (-0x1.9c9978p-8f)
#define ERF_SMALL 1.0f
#define ERF_MAX 4.0f
#define E0 0x1.06eba8p-3f
#define E1 (-0x1.81273ep-2f)
#define E2 0x1.ce2ce6p-4f
#define E3 (-0x1.b7f722p-6f)
#define E4 0x1.53f2cap-8f
#define E5 (-0x1.a35990p-11f)
#define E6 0x1.479270p-14f
#define L0 0x1.8a5b94p-13f
#define L1 (-0x1.212c0ep+0f)
#define L2 (-0x1.443560p-1f)
#define L3 (-0x1.bc1570p-4f)
#define L4 0x1.9d044ap-6f
#define L5 (-0x1.138f52p-8f)
#define L6 0x1.ced110p-12f
#define L7 (-0x1.6beb2ep-16f)
#define GELU_MAX 15.0f
#define TAIL_SMALL 1.0f
#define N0 0x1.988454p-2f
#define N1 (-0x1.10586ep-4f)
#define N2 0x1.46d882p-7f
#define N3 (-0x1.37b452p-10f)
#define N4 0x1.e74556p-14f
#define N5 (-0x1.2140eap-17f)
#define TAIL_CENTER 3.0f
#define S0 0x1.754a76p-1f
#define S1 (-0x1.04c72ap-1f)
#define S2 0x1.d71284p-3f
#define S3 (-0x1.832c0cp-5f)
#define S4 (-0x1.560338p-7f)
#define S5 0x1.c883a8p-8f
#define S6 0x1.d60638p-11f
#define S7 (-0x1.0476e4p-10f)
#define LINEAR_HIGH 0x1.988454p0f
#define LINEAR_LOW (-0x1.857936p-25f)
#define CUBIC_HIGH 0x1.2444f2p-4f
#define CUBIC_LOW 0x1.49b16ap-29f
#define SIXTH 1.0f / 6.0f

#define MAGIC_BITS 0x4B400000
#define SQRT_HALF_BITS 0x3F3504F3
#define MANTISSA_MASK 0x7FFFFF
#define MIN_NORMAL 0x1p-126f
