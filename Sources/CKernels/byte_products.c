#include "kernels.h"
#include "quantized_products.h"
#include "vector_math.h"

DISPATCHED void attune_round_bytes(const float *x, float factor, uint8_t *out, long count) {
  // Added and taken away, this leaves the nearest whole number, of two the even one.
  const float shift = 12582912.0f;
  for (long i = 0; i < count; i++) {
    float nearest = (clamped(x[i] * factor, -127, 127) + shift) - shift;
    out[i] = (uint8_t)((int)nearest + 128);
  }
}

DISPATCHED static void portable_rows(const uint8_t *x, const int8_t *weight, const int32_t *sums, float scale,
                                     const float *bias, long inner, float *out, long count) {
  for (long o = 0; o < count; o++) {
    const int8_t *w = weight + o * inner;
    int32_t total = 0;
    for (long i = 0; i < inner; i++) total += (int32_t)x[i] * w[i];
    out[o] = (float)(total - 128 * sums[o]) * scale + (bias ? bias[o] : 0);
  }
}

#if defined(__x86_64__)
#include <immintrin.h>

#define VNNI __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,f16c")))

// 64 products of bytes at a time; four weights meet a row, so that it is read a quarter as often.
VNNI static void vnni_rows(const uint8_t *x, const int8_t *weight, const int32_t *sums, float scale, const float *bias,
                           long inner, float *out, long count) {
  long whole = inner / 64 * 64;
  __mmask64 rest = inner == whole ? 0 : ~0ull >> (64 - (inner - whole));
  for (long o = 0; o < count; o += 4) {
    long columns = count - o < 4 ? count - o : 4;
    __m512i total[4];
    for (long j = 0; j < 4; j++) total[j] = _mm512_setzero_si512();
    for (long i = 0; i < inner; i += 64) {
      __mmask64 mask = i < whole ? ~0ull : rest;
      __m512i a = _mm512_maskz_loadu_epi8(mask, x + i);
      for (long j = 0; j < columns; j++)
        total[j] = _mm512_dpbusd_epi32(total[j], a, _mm512_maskz_loadu_epi8(mask, weight + (o + j) * inner + i));
    }
    for (long j = 0; j < columns; j++)
      out[o + j] = (float)(_mm512_reduce_add_epi32(total[j]) - 128 * sums[o + j]) * scale + (bias ? bias[o + j] : 0);
  }
}
#endif

void attune_multiply_bytes(int level, const uint8_t *x, long rows, const int8_t *weight, const int32_t *sums,
                           float scale, const float *bias, long inner, float *out, long out_stride, long count) {
  // A band of weights that stays in the first cache while all rows meet it.
  enum { BAND = 32 };
  for (long o = 0; o < count; o += BAND) {
    long columns = count - o < BAND ? count - o : BAND;
    const float *more = bias ? bias + o : 0;
    for (long r = 0; r < rows; r++) {
      float *to = out + r * out_stride + o;
#if defined(__x86_64__)
      if (level == 2) {
        vnni_rows(x + r * inner, weight + o * inner, sums + o, scale, more, inner, to, columns);
        continue;
      }
#endif
      portable_rows(x + r * inner, weight + o * inner, sums + o, scale, more, inner, to, columns);
    }
  }
}
