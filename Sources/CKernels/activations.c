#include "kernels.h"
#include "vector_math.h"

static const float inverse_root2 = 0.70710678118654752f;
static const float inverse_root2pi = 0.39894228040143268f;
static const float root2_over_pi = 0.79788456080286536f;
static const float cubic = 0.044715f;

// Beyond this both gelus are 0 or x, and their slopes 0 or 1, to 1e-7: clamped there, they stay so up to infinity.
static const float flat = 6.0f;

INLINE float floored(float x) { return x < -flat ? -flat : x; }

DISPATCHED static void gelu(const float *in, float *out, long count) {
  IN_PLACE for (long i = 0; i < count; i++) {
    float x = floored(in[i]);
    out[i] = 0.5f * x * (1.0f + vector_erf(x * inverse_root2));
  }
}

DISPATCHED static void gelu_backward(const float *in, const float *gradient, float *out, long count) {
  IN_PLACE for (long i = 0; i < count; i++) {
    float x = clamped(in[i], -flat, flat);
    float below = 0.5f * (1.0f + vector_erf(x * inverse_root2));
    float density = inverse_root2pi * vector_exp(-0.5f * x * x);
    out[i] = gradient[i] * (below + x * density);
  }
}

DISPATCHED static void gelu_tanh(const float *in, float *out, long count) {
  IN_PLACE for (long i = 0; i < count; i++) {
    float x = floored(in[i]);
    out[i] = 0.5f * x * (1.0f + vector_tanh(root2_over_pi * (x + cubic * x * x * x)));
  }
}

DISPATCHED static void gelu_tanh_backward(const float *in, const float *gradient, float *out, long count) {
  IN_PLACE for (long i = 0; i < count; i++) {
    float x = clamped(in[i], -flat, flat);
    float t = vector_tanh(root2_over_pi * (x + cubic * x * x * x));
    float slope = root2_over_pi * (1.0f + 3.0f * cubic * x * x);
    out[i] = gradient[i] * 0.5f * (1.0f + t + x * (1.0f - t * t) * slope);
  }
}

DISPATCHED static void relu(const float *in, float *out, long count) {
  IN_PLACE for (long i = 0; i < count; i++) out[i] = in[i] <= 0 ? 0 : in[i];
}

DISPATCHED static void relu_backward(const float *in, const float *gradient, float *out, long count) {
  IN_PLACE for (long i = 0; i < count; i++) out[i] = in[i] <= 0 ? 0 : gradient[i];
}

DISPATCHED static void hyperbolic(const float *in, float *out, long count) {
  IN_PLACE for (long i = 0; i < count; i++) out[i] = vector_tanh(in[i]);
}

DISPATCHED static void hyperbolic_backward(const float *in, const float *gradient, float *out, long count) {
  IN_PLACE for (long i = 0; i < count; i++) {
    float t = vector_tanh(in[i]);
    out[i] = gradient[i] * (1.0f - t * t);
  }
}

// Below -100 it is 0 and above 100 its slope is 1, to the last bit that counts: clamped there, it stays so up to infinity.
DISPATCHED static void silu(const float *in, float *out, long count) {
  IN_PLACE for (long i = 0; i < count; i++) {
    float x = in[i] < -100.0f ? -100.0f : in[i];
    out[i] = x / (1.0f + vector_exp(-x));
  }
}

DISPATCHED static void silu_backward(const float *in, const float *gradient, float *out, long count) {
  IN_PLACE for (long i = 0; i < count; i++) {
    float x = clamped(in[i], -100.0f, 100.0f);
    float s = 1.0f / (1.0f + vector_exp(-x));
    out[i] = gradient[i] * s * (1.0f + x * (1.0f - s));
  }
}

void attune_activate(int kind, const float *in, float *out, long count) {
  switch (kind) {
    case 0: gelu(in, out, count); break;
    case 1: gelu_tanh(in, out, count); break;
    case 2: relu(in, out, count); break;
    case 3: hyperbolic(in, out, count); break;
    default: silu(in, out, count); break;
  }
}

void attune_activate_backward(int kind, const float *in, const float *gradient, float *out, long count) {
  switch (kind) {
    case 0: gelu_backward(in, gradient, out, count); break;
    case 1: gelu_tanh_backward(in, gradient, out, count); break;
    case 2: relu_backward(in, gradient, out, count); break;
    case 3: hyperbolic_backward(in, gradient, out, count); break;
    default: silu_backward(in, gradient, out, count); break;
  }
}
