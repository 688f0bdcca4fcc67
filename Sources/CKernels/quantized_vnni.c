#include "quantized_products.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define VNNI __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,f16c")))
#define VNNI_INLINE VNNI __attribute__((always_inline)) static inline

int attune_has_vnni(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c");
}

VNNI_INLINE float sum_of(__m256 lanes) {
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(lanes), _mm256_extractf128_ps(lanes, 1));
  four = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(four, _mm_movehdup_ps(four)));
}

// The instruction wants its first factor without a sign: weights give theirs to the other side.
VNNI_INLINE __m256i signed_dot32(__m256i q, __m256i x) {
  return _mm256_dpbusd_epi32(_mm256_setzero_si256(), _mm256_abs_epi8(q), _mm256_sign_epi8(x, q));
}

VNNI_INLINE __m128i signed_dot16(__m128i q, __m128i x) {
  return _mm_dpbusd_epi32(_mm_setzero_si128(), _mm_abs_epi8(q), _mm_sign_epi8(x, q));
}

VNNI float attune_vnni_dot(const int8_t *q, const float *s, const int8_t *x, const float *xs, long groups, int group) {
  __m256 total = _mm256_setzero_ps();
  if (group == 32) {
    for (long g = 0; g < groups; g++) {
      __m256i sums = signed_dot32(_mm256_loadu_si256((const __m256i *)(q + 32 * g)),
                                  _mm256_loadu_si256((const __m256i *)(x + 32 * g)));
      total = _mm256_fmadd_ps(_mm256_cvtepi32_ps(sums), _mm256_set1_ps(s[g] * xs[g]), total);
    }
  } else {
    for (long g = 0; g < groups; g++) {
      __m128i sums = signed_dot16(_mm_loadu_si128((const __m128i *)(q + 16 * g)),
                                  _mm_loadu_si128((const __m128i *)(x + 16 * g)));
      __m128 part = _mm_mul_ps(_mm_cvtepi32_ps(sums), _mm_set1_ps(s[g] * xs[g]));
      total = _mm256_add_ps(total, _mm256_zextps128_ps256(part));
    }
  }
  return sum_of(total);
}

// MARK: Few tokens, straight from the blocks

// The 32 nibbles of 16 bytes in order.
VNNI_INLINE __m256i nibbles(const uint8_t *bytes) {
  __m128i pairs = _mm_loadu_si128((const __m128i *)bytes);
  __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(pairs), _mm_srli_epi16(pairs, 4), 1);
  return _mm256_and_si256(both, _mm256_set1_epi8(15));
}

VNNI_INLINE __m128 halves(const uint8_t *bytes) {
  int32_t two;
  __builtin_memcpy(&two, bytes, 4);
  return _mm_cvtph_ps(_mm_cvtsi32_si128(two));
}

VNNI_INLINE __m256 q8_0_block(const uint8_t *b, const int8_t *x, float xs, __m256 total) {
  __m256i sums = signed_dot32(_mm256_loadu_si256((const __m256i *)(b + 2)), _mm256_loadu_si256((const __m256i *)x));
  __m256 scale = _mm256_broadcastss_ps(_mm_mul_ss(halves(b), _mm_set_ss(xs)));
  return _mm256_fmadd_ps(_mm256_cvtepi32_ps(sums), scale, total);
}

// Quanta count from 0: what that adds is 8 times the sum of x, taken off in whole numbers by the first lane.
VNNI_INLINE __m256 q4_0_block(const uint8_t *b, const int8_t *x, float xs, int32_t xn, __m256 total) {
  __m256i start = _mm256_zextsi128_si256(_mm_cvtsi32_si128(-8 * xn));
  __m256i sums = _mm256_dpbusd_epi32(start, nibbles(b + 2), _mm256_loadu_si256((const __m256i *)x));
  __m256 scale = _mm256_broadcastss_ps(_mm_mul_ss(halves(b), _mm_set_ss(xs)));
  return _mm256_fmadd_ps(_mm256_cvtepi32_ps(sums), scale, total);
}

VNNI_INLINE __m256 q4_1_block(const uint8_t *b, const int8_t *x, float xs, float sum, __m256 total, __m128 *offsets) {
  __m256i sums = _mm256_dpbusd_epi32(_mm256_setzero_si256(), nibbles(b + 4), _mm256_loadu_si256((const __m256i *)x));
  __m128 scale_and_offset = halves(b);
  *offsets = _mm_fmadd_ps(scale_and_offset, _mm_set1_ps(sum), *offsets);
  __m256 scale = _mm256_broadcastss_ps(_mm_mul_ss(scale_and_offset, _mm_set_ss(xs)));
  return _mm256_fmadd_ps(_mm256_cvtepi32_ps(sums), scale, total);
}

VNNI_INLINE float row_dot(int format, int bytes, const uint8_t *b, const int8_t *x, const float *xs, const float *sums,
                          const int32_t *xn, long groups) {
  __m256 even = _mm256_setzero_ps(), odd = _mm256_setzero_ps();
  __m128 offsets = _mm_setzero_ps();
  for (long g = 0; g < groups; g++, b += bytes, x += 32) {
    __m256 total = even;
    switch (format) {
      case ATTUNE_Q8_0: total = q8_0_block(b, x, xs[g], total); break;
      case ATTUNE_Q4_0: total = q4_0_block(b, x, xs[g], xn[g], total); break;
      default: total = q4_1_block(b, x, xs[g], sums[g], total, &offsets); break;
    }
    even = odd, odd = total;
  }
  float sum = sum_of(_mm256_add_ps(even, odd));
  return format == ATTUNE_Q4_1 ? sum + _mm_cvtss_f32(_mm_movehdup_ps(offsets)) : sum;
}

VNNI_INLINE void all_rows(int format, int bytes, const uint8_t *b, long count, attune_rounded_rows rows, long first,
                          long tokens, float *out, long stride) {
  long groups = rows.width / 32;
  for (long r = 0; r < count; r++, b += groups * bytes)
    for (long t = 0; t < tokens; t++)
      out[t * stride + r] = row_dot(format, bytes, b, rows.quanta + (first + t) * rows.width,
                                    rows.scales + (first + t) * groups, rows.sums + (first + t) * groups,
                                    rows.quanta_sums + (first + t) * groups, groups);
}

VNNI int attune_vnni_rows(int format, const uint8_t *b, long count, attune_rounded_rows rows, long first, long tokens,
                          float *out, long stride) {
  switch (format) {
    case ATTUNE_Q4_0: all_rows(ATTUNE_Q4_0, 18, b, count, rows, first, tokens, out, stride); return 1;
    case ATTUNE_Q4_1: all_rows(ATTUNE_Q4_1, 20, b, count, rows, first, tokens, out, stride); return 1;
    case ATTUNE_Q8_0: all_rows(ATTUNE_Q8_0, 34, b, count, rows, first, tokens, out, stride); return 1;
    default: return 0;
  }
}

// MARK: Many tokens, sixteen rows of weights at a time

enum { TILE = 16, PIECE = 1024, AT_ONCE = 8 };

typedef struct {
  /// [PIECE / 4][row][4]: quanta plus 128
  uint8_t quanta[PIECE * TILE] __attribute__((aligned(64)));
  /// [group][row]
  float scales[PIECE / 16 * TILE] __attribute__((aligned(64)));
  float offsets[PIECE / 16 * TILE] __attribute__((aligned(64)));
} tile;

// Sixteen by sixteen words, rows to columns.
VNNI_INLINE void transpose(__m512i row[16]) {
  __m512i other[16];
  for (int i = 0; i < 16; i += 2) {
    other[i] = _mm512_unpacklo_epi32(row[i], row[i + 1]);
    other[i + 1] = _mm512_unpackhi_epi32(row[i], row[i + 1]);
  }
  for (int i = 0; i < 16; i += 4) {
    row[i] = _mm512_unpacklo_epi64(other[i], other[i + 2]);
    row[i + 1] = _mm512_unpackhi_epi64(other[i], other[i + 2]);
    row[i + 2] = _mm512_unpacklo_epi64(other[i + 1], other[i + 3]);
    row[i + 3] = _mm512_unpackhi_epi64(other[i + 1], other[i + 3]);
  }
  // Now word c of each 128-bit lane l of row[4 * i + c'] is column 4 * l + c' of rows 4 * i to 4 * i + 3.
  for (int i = 0; i < 4; i++) {
    other[i] = _mm512_shuffle_i32x4(row[i], row[i + 4], 0x88);
    other[i + 4] = _mm512_shuffle_i32x4(row[i], row[i + 4], 0xdd);
    other[i + 8] = _mm512_shuffle_i32x4(row[i + 8], row[i + 12], 0x88);
    other[i + 12] = _mm512_shuffle_i32x4(row[i + 8], row[i + 12], 0xdd);
  }
  for (int i = 0; i < 4; i++) {
    row[i] = _mm512_shuffle_i32x4(other[i], other[i + 8], 0x88);
    row[i + 8] = _mm512_shuffle_i32x4(other[i], other[i + 8], 0xdd);
    row[i + 4] = _mm512_shuffle_i32x4(other[i + 4], other[i + 12], 0x88);
    row[i + 12] = _mm512_shuffle_i32x4(other[i + 4], other[i + 12], 0xdd);
  }
}

// Unpacks a piece of up to sixteen rows whose blocks are `row_bytes` apart; rows that are not there are zero.
VNNI static void fill_tile(tile *out, const attune_block_layout *layout, const uint8_t *blocks, long row_bytes,
                           long count, long piece) {
  int8_t quanta[TILE][PIECE] __attribute__((aligned(64)));
  float scales[PIECE / 16], offsets[PIECE / 16];
  long groups = piece / layout->group;
  for (long r = 0; r < TILE; r++) {
    if (r >= count) {
      __builtin_memset(quanta[r], 0, (unsigned long)piece);
      for (long g = 0; g < groups; g++) out->scales[g * TILE + r] = out->offsets[g * TILE + r] = 0;
      continue;
    }
    layout->unpack(blocks + r * row_bytes, piece / layout->weights, quanta[r], scales, offsets);
    for (long g = 0; g < groups; g++) out->scales[g * TILE + r] = scales[g];
    if (layout->has_offset)
      for (long g = 0; g < groups; g++) out->offsets[g * TILE + r] = offsets[g];
  }
  const __m512i flip = _mm512_set1_epi8((char)0x80);
  for (long at = 0; at < piece; at += 64) {
    // A piece may end in half a vector: what lies behind it in `quanta` is transposed too, and never used.
    __m512i row[16];
    for (int r = 0; r < 16; r++) row[r] = _mm512_xor_si512(_mm512_load_si512(quanta[r] + at), flip);
    transpose(row);
    for (int c = 0; c < 16; c++) _mm512_store_si512(out->quanta + at * TILE + c * 64, row[c]);
  }
}

// The sums of one tile for `count` tokens, a number known when this is compiled.
VNNI_INLINE void tile_product(const int count, const int group, const int has_offset, const tile *weights, long piece,
                              const int8_t *x, long width, const float *xs, const float *x_sums, const int32_t *xn,
                              long x_groups, float *out, long stride, __mmask16 mask, int begins) {
  __m512 total[AT_ONCE];
#pragma clang loop unroll(full)
  for (int t = 0; t < count; t++)
    total[t] = begins ? _mm512_setzero_ps() : _mm512_maskz_loadu_ps(mask, out + t * stride);
  for (long g = 0; g < piece / group; g++) {
    __m512i sums[AT_ONCE];
#pragma clang loop unroll(full)
    for (int t = 0; t < count; t++) sums[t] = _mm512_set1_epi32(-128 * xn[t * x_groups + g]);
#pragma clang loop unroll(full)
    for (int step = 0; step < group / 4; step++) {
      __m512i q = _mm512_load_si512(weights->quanta + (g * group / 4 + step) * 64);
#pragma clang loop unroll(full)
      for (int t = 0; t < count; t++) {
        int32_t four;
        __builtin_memcpy(&four, x + t * width + g * group + 4 * step, 4);
        sums[t] = _mm512_dpbusd_epi32(sums[t], q, _mm512_set1_epi32(four));
      }
    }
    __m512 scales = _mm512_load_ps(weights->scales + g * TILE);
    __m512 offsets = has_offset ? _mm512_load_ps(weights->offsets + g * TILE) : _mm512_setzero_ps();
#pragma clang loop unroll(full)
    for (int t = 0; t < count; t++) {
      __m512 part = _mm512_mul_ps(_mm512_cvtepi32_ps(sums[t]), scales);
      total[t] = _mm512_fmadd_ps(part, _mm512_set1_ps(xs[t * x_groups + g]), total[t]);
      if (has_offset) total[t] = _mm512_fmadd_ps(offsets, _mm512_set1_ps(x_sums[t * x_groups + g]), total[t]);
    }
  }
#pragma clang loop unroll(full)
  for (int t = 0; t < count; t++) _mm512_mask_storeu_ps(out + t * stride, mask, total[t]);
}

// One for each number of tokens: the sums stay in registers only where that is known.
#define PRODUCT(name, group, has_offset)                                                                            \
  VNNI static void name(long count, const tile *weights, long piece, const int8_t *x, long width, const float *xs,  \
                        const float *x_sums, const int32_t *xn, long x_groups, float *out, long stride,             \
                        __mmask16 mask, int begins) {                                                               \
    switch (count) {                                                                                                \
      case 8: TOKENS(8, group, has_offset); break;                                                                  \
      case 4: TOKENS(4, group, has_offset); break;                                                                  \
      case 2: TOKENS(2, group, has_offset); break;                                                                  \
      default: TOKENS(1, group, has_offset); break;                                                                 \
    }                                                                                                               \
  }
#define TOKENS(count, group, has_offset)                                                                            \
  tile_product(count, group, has_offset, weights, piece, x, width, xs, x_sums, xn, x_groups, out, stride, mask, begins)

PRODUCT(lines_of_32, 32, 1)
PRODUCT(scales_of_32, 32, 0)
PRODUCT(scales_of_16, 16, 0)

VNNI void attune_vnni_tiles(const attune_block_layout *layout, const uint8_t *blocks, long count,
                            attune_rounded_rows rows, long first, long tokens, float *out, long stride) {
  tile weights;
  long row_bytes = rows.width / layout->weights * layout->bytes, groups = rows.width / layout->group;
  for (long r = 0; r < count; r += TILE) {
    long here = count - r < TILE ? count - r : TILE;
    __mmask16 mask = (__mmask16)((1u << here) - 1);
    for (long at = 0; at < rows.width; at += PIECE) {
      long piece = rows.width - at < PIECE ? rows.width - at : PIECE;
      fill_tile(&weights, layout, blocks + r * row_bytes + at / layout->weights * layout->bytes, row_bytes, here, piece);
      for (long t = 0; t < tokens;) {
        long step = tokens - t >= 8 ? 8 : tokens - t >= 4 ? 4 : tokens - t >= 2 ? 2 : 1;
        long row = first + t, g = row * groups + at / layout->group;
        (layout->has_offset ? lines_of_32 : layout->group == 32 ? scales_of_32 : scales_of_16)(
          step, &weights, piece, rows.quanta + row * rows.width + at, rows.width, rows.scales + g, rows.sums + g,
          rows.quanta_sums + g, groups, out + t * stride + r, stride, mask, at == 0);
        t += step;
      }
    }
  }
}

#else
int attune_has_vnni(void) { return 0; }
float attune_vnni_dot(const int8_t *q, const float *s, const int8_t *x, const float *xs, long groups, int group) {
  return 0;
}
void attune_vnni_tiles(const attune_block_layout *layout, const uint8_t *blocks, long count, attune_rounded_rows rows,
                       long first, long tokens, float *out, long stride) {}
int attune_vnni_rows(int format, const uint8_t *blocks, long count, attune_rounded_rows rows, long first, long tokens,
                     float *out, long stride) {
  return 0;
}
#endif
