#include "quantized_products.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,fma")))

AVX2 static float sum_of(__m256 lanes) {
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(lanes), _mm256_extractf128_ps(lanes, 1));
  four = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(four, _mm_movehdup_ps(four)));
}

// Sixteen products, added in pairs.
AVX2 static inline __m256i sixteen(const int8_t *q, const int8_t *x) {
  __m256i weights = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)q));
  return _mm256_madd_epi16(weights, _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)x)));
}

AVX2 static float avx2_dot(const int8_t *q, const float *s, const int8_t *x, const float *xs, long groups, int group) {
  __m256 total = _mm256_setzero_ps();
  for (long g = 0; g < groups; g++, q += group, x += group) {
    __m256i sums = sixteen(q, x);
    if (group == 32) sums = _mm256_add_epi32(sums, sixteen(q + 16, x + 16));
    total = _mm256_fmadd_ps(_mm256_cvtepi32_ps(sums), _mm256_set1_ps(s[g] * xs[g]), total);
  }
  return sum_of(total);
}

attune_dot *attune_wide_dot(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? avx2_dot : 0;
}

#elif defined(__aarch64__)
#include <arm_neon.h>
#if defined(__linux__)
#include <sys/auxv.h>
#endif

__attribute__((target("dotprod"))) static float neon_dot(const int8_t *q, const float *s, const int8_t *x,
                                                         const float *xs, long groups, int group) {
  float32x4_t total = vdupq_n_f32(0);
  for (long g = 0; g < groups; g++, q += group, x += group) {
    int32x4_t sums = vdotq_s32(vdupq_n_s32(0), vld1q_s8(q), vld1q_s8(x));
    if (group == 32) sums = vdotq_s32(sums, vld1q_s8(q + 16), vld1q_s8(x + 16));
    total = vfmaq_n_f32(total, vcvtq_f32_s32(sums), s[g] * xs[g]);
  }
  return vaddvq_f32(total);
}

attune_dot *attune_wide_dot(void) {
#if defined(__linux__)
  const unsigned long dot_products = 1ul << 20;  // HWCAP_ASIMDDP
  return getauxval(AT_HWCAP) & dot_products ? neon_dot : 0;
#else
  return neon_dot;
#endif
}

#else
attune_dot *attune_wide_dot(void) { return 0; }
#endif
