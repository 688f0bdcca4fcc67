#include "kernels.h"
#include "vector_math.h"

INLINE float logistic(float x) { return 1.0f / (1.0f + vector_exp(-x)); }

DISPATCHED void attune_recur(const float *restrict x, const float *restrict before, float *restrict cell, long width) {
  for (long i = 0; i < width; i++) {
    float keep = logistic(x[i]), input = x[width + i];
    cell[i] = keep * before[i] + (1.0f - keep) * input;
  }
}

DISPATCHED void attune_recur_backward(const float *restrict x, const float *restrict before,
                                      const float *restrict gradient, float *restrict carried, float *restrict out,
                                      long width) {
  for (long i = 0; i < width; i++) {
    float keep = logistic(x[i]), input = x[width + i], flow = gradient[i] + carried[i];
    out[i] = flow * (before[i] - input) * keep * (1.0f - keep);
    out[width + i] = flow * (1.0f - keep);
    carried[i] = flow * keep;
  }
}
