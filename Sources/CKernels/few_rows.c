#include "kernels.h"
#include "vector_math.h"

DISPATCHED void attune_few_rows(const float *restrict x, long x_stride, long rows, const float *restrict weight,
                                long stride, long inner, float *restrict out, long out_stride, long count) {
#pragma clang fp reassociate(on) contract(fast)
  for (long o = 0; o < count; o++) {
    const float *w = weight + o * stride;
    for (long r = 0; r < rows; r++) {
      const float *a = x + r * x_stride;
      float sum = 0;
      for (long i = 0; i < inner; i++) sum += a[i] * w[i];
      out[r * out_stride + o] = sum;
    }
  }
}

// Four rows of weights at a time, so that the sums are read and written a quarter as often.
DISPATCHED void attune_one_row_transposed(const float *restrict x, const float *restrict weight, long stride, long inner,
                                          float *restrict out, long columns) {
#pragma clang fp contract(fast)
  for (long c = 0; c < columns; c++) out[c] = 0;
  long i = 0;
  for (; i + 4 <= inner; i += 4) {
    const float *w0 = weight + i * stride, *w1 = w0 + stride, *w2 = w1 + stride, *w3 = w2 + stride;
    for (long c = 0; c < columns; c++)
      out[c] += (x[i] * w0[c] + x[i + 1] * w1[c]) + (x[i + 2] * w2[c] + x[i + 3] * w3[c]);
  }
  for (; i < inner; i++)
    for (long c = 0; c < columns; c++) out[c] += x[i] * weight[i * stride + c];
}

INLINE const float *row_of(attune_memory memory, long index) {
  return memory.base + (memory.rows ? memory.rows[index] : index) * memory.stride;
}

DISPATCHED void attune_attend_keys(const float *restrict query, attune_memory memory, float scale, float *restrict p,
                                   long width) {
#pragma clang fp reassociate(on) contract(fast)
  for (long m = 0; m < memory.count; m++) {
    const float *key = row_of(memory, m);
    float sum = 0;
    for (long i = 0; i < width; i++) sum += query[i] * key[i];
    p[m] = scale * sum;
  }
}

DISPATCHED void attune_attend_values(const float *restrict p, attune_memory memory, float *restrict out, long width) {
#pragma clang fp contract(fast)
  for (long i = 0; i < width; i++) out[i] = 0;
  for (long m = 0; m < memory.count; m++) {
    const float *value = row_of(memory, m);
    for (long i = 0; i < width; i++) out[i] += p[m] * value[i];
  }
}
