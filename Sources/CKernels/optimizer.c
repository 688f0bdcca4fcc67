#include "kernels.h"
#include "vector_math.h"

// Without a gradient (rows that this batch did not touch) only moments and decay move the value.
DISPATCHED static void without_gradient(float *restrict value, float *restrict first, float *restrict second,
                                        attune_adamw_step step, long count) {
  const float keep = 1.0f - step.learning_rate * step.decay;
  const float rate = step.learning_rate / step.correction1;
  const float inverse2 = 1.0f / step.correction2;
  for (long i = 0; i < count; i++) {
    float m = step.beta1 * first[i];
    float v = step.beta2 * second[i];
    first[i] = m;
    second[i] = v;
    value[i] = value[i] * keep - rate * m / (__builtin_elementwise_sqrt(v) * inverse2 + step.epsilon);
  }
}

DISPATCHED static void with_gradient(float *restrict value, const float *restrict gradient, float *restrict first,
                                     float *restrict second, attune_adamw_step step, long count) {
  const float keep = 1.0f - step.learning_rate * step.decay;
  const float rate = step.learning_rate / step.correction1;
  const float inverse2 = 1.0f / step.correction2;
  for (long i = 0; i < count; i++) {
    float g = gradient[i] * step.clip;
    float m = step.beta1 * first[i] + (1.0f - step.beta1) * g;
    float v = step.beta2 * second[i] + (1.0f - step.beta2) * g * g;
    first[i] = m;
    second[i] = v;
    value[i] = value[i] * keep - rate * m / (__builtin_elementwise_sqrt(v) * inverse2 + step.epsilon);
  }
}

void attune_adamw(float *value, const float *gradient, float *first, float *second, attune_adamw_step step,
                  long count) {
  if (gradient) {
    with_gradient(value, gradient, first, second, step, count);
  } else {
    without_gradient(value, first, second, step, count);
  }
}
