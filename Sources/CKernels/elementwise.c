#include "kernels.h"
#include "vector_math.h"

DISPATCHED void attune_add(const float *restrict a, const float *restrict b, float *restrict out, long count) {
  for (long i = 0; i < count; i++) out[i] = a[i] + b[i];
}

DISPATCHED void attune_accumulate(float *restrict sum, const float *restrict a, long count) {
  for (long i = 0; i < count; i++) sum[i] += a[i];
}

DISPATCHED void attune_scale(const float *a, float factor, float *out, long count) {
  IN_PLACE for (long i = 0; i < count; i++) out[i] = a[i] * factor;
}

DISPATCHED void attune_accumulate_scaled(float *restrict sum, const float *restrict a, float factor, long count) {
  for (long i = 0; i < count; i++) sum[i] += a[i] * factor;
}

DISPATCHED void attune_multiply(const float *restrict a, const float *restrict b, float *restrict out, long count) {
  for (long i = 0; i < count; i++) out[i] = a[i] * b[i];
}

DISPATCHED void attune_accumulate_product(float *restrict sum, const float *restrict a, const float *restrict b,
                                          long count) {
  for (long i = 0; i < count; i++) sum[i] += a[i] * b[i];
}

DISPATCHED void attune_multiply_into(float *restrict out, const float *restrict a, long count) {
  for (long i = 0; i < count; i++) out[i] *= a[i];
}

DISPATCHED void attune_fill(float *out, float value, long count) {
  for (long i = 0; i < count; i++) out[i] = value;
}

DISPATCHED float attune_sum_of_squares(const float *a, long count) {
#pragma clang fp reassociate(on) contract(fast)
  double total = 0;
  for (long start = 0; start < count; start += 4096) {
    long end = start + 4096 < count ? start + 4096 : count;
    float part = 0;
    for (long i = start; i < end; i++) part += a[i] * a[i];
    total += part;
  }
  return (float)total;
}

DISPATCHED void attune_add_bias(float *restrict out, long stride, const float *restrict bias, long rows,
                                long columns) {
  for (long r = 0; r < rows; r++)
    for (long c = 0; c < columns; c++) out[r * stride + c] += bias[c];
}

DISPATCHED void attune_sum_columns(float *restrict sum, const float *restrict a, long stride, long rows,
                                   long columns) {
  for (long r = 0; r < rows; r++)
    for (long c = 0; c < columns; c++) sum[c] += a[r * stride + c];
}
