#include "quantized.h"

#include "blocks.h"
#include "quantized_products.h"
#include "vector_math.h"

// Weights that are unpacked at a time, so that their quanta and scales stay in the nearest cache.
enum { PIECE = 2048 };

int attune_quantized_group(int format) { return attune_block_layouts[format].group; }

DISPATCHED static void spread_lines(const int8_t *restrict q, const float *restrict s, const float *restrict o,
                                    float *restrict out, long groups, int group) {
  for (long g = 0; g < groups; g++, q += group, out += group)
    for (int i = 0; i < group; i++) out[i] = s[g] * (float)q[i] + o[g];
}

DISPATCHED static void spread_scales(const int8_t *restrict q, const float *restrict s, float *restrict out,
                                     long groups, int group) {
  for (long g = 0; g < groups; g++, q += group, out += group)
    for (int i = 0; i < group; i++) out[i] = s[g] * (float)q[i];
}

// Quantum and scale have so few bits that their product is exact, so one rounding is left, as in ggml's formulas.
void attune_dequantize(int format, const void *blocks, float *out, long count) {
  const attune_block_layout *layout = attune_block_layouts + format;
  const uint8_t *next = blocks;
  int8_t quanta[PIECE];
  float scales[PIECE / 16], offsets[PIECE / 16];
  while (count > 0) {
    long piece = count < PIECE ? count : PIECE;
    layout->unpack(next, piece / layout->weights, quanta, scales, offsets);
    long groups = piece / layout->group;
    if (layout->has_offset) {
      spread_lines(quanta, scales, offsets, out, groups, layout->group);
    } else {
      spread_scales(quanta, scales, out, groups, layout->group);
    }
    next += piece / layout->weights * layout->bytes;
    out += piece;
    count -= piece;
  }
}

void attune_quantize(int format, const float *in, void *blocks, long count) {
  const attune_block_layout *layout = attune_block_layouts + format;
  layout->pack(in, count / layout->weights, blocks);
}

// To the nearest with 11 bits, ties to even.
INLINE float half_precise(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  bits = (bits + 0xfff + (bits >> 13 & 1)) & ~0x1fffu;
  memcpy(&x, &bits, 4);
  return x;
}

DISPATCHED void attune_round_rows(const float *in, attune_rounded_rows out, int group, long first, long rows) {
  // Adding it rounds a float below 2^22 to a whole number, which its last bits then hold.
  const float shift = 12582912.0f;
  const int32_t infinity = 0x7f800000;
  long start = first * out.width, end = (first + rows) * out.width;
  for (long at = start; at < end; at += group) {
    int32_t bits[32], largest = 0, sum = 0;
    memcpy(bits, in + at, (size_t)group * 4);
    // Without their sign floats are in the order of their bits, and what is no number comes last.
    for (int i = 0; i < group; i++) {
      int32_t size = bits[i] & 0x7fffffff;
      largest = size > largest ? size : largest;
    }
    float most;
    memcpy(&most, &largest, 4);
    float inverse = most > 1e-36f ? 127 / most : 0;
    if (largest >= infinity) {
      // One value that is no number spoils every sum that it is in.
      memset(out.quanta + at, 0, (size_t)group);
      most = __builtin_nanf("");
    } else {
      for (int i = 0; i < group; i++) {
        int32_t quantum = (int32_t)((clamped(in[at + i] * inverse, -127, 127) + shift) - shift);
        out.quanta[at + i] = (int8_t)quantum;
        sum += quantum;
      }
    }
    float scale = most / 127;
    out.scales[at / group] = half_precise(scale);
    out.sums[at / group] = half_precise(scale * (float)sum);
    out.quanta_sums[at / group] = sum;
  }
}

// MARK: Products of unpacked rows

DISPATCHED static float portable_dot(const int8_t *restrict q, const float *restrict s, const int8_t *restrict x,
                                     const float *restrict xs, long groups, int group) {
  float total = 0;
  for (long g = 0; g < groups; g++, q += group, x += group) {
    int32_t sum = 0;
    for (int i = 0; i < group; i++) sum += (int32_t)q[i] * (int32_t)x[i];
    total += (float)sum * (s[g] * xs[g]);
  }
  return total;
}

DISPATCHED static float offset_dot(const float *restrict offsets, const float *restrict sums, long groups) {
#pragma clang fp reassociate(on) contract(fast)
  float total = 0;
  for (long g = 0; g < groups; g++) total += offsets[g] * sums[g];
  return total;
}

int attune_quantized_level(void) {
  if (attune_has_vnni()) return 2;
  return attune_wide_dot() ? 1 : 0;
}

static attune_dot *dot_of(int level) {
  if (level == 2) return attune_vnni_dot;
  attune_dot *wide = level == 1 ? attune_wide_dot() : 0;
  return wide ? wide : portable_dot;
}

// Row by row: each is unpacked once, piece by piece, and met by all tokens.
static void rowwise(attune_dot *dot, const attune_block_layout *layout, const uint8_t *blocks, long count,
                    attune_rounded_rows rows, long first, long tokens, float *out, long stride) {
  int8_t quanta[PIECE];
  float scales[PIECE / 16], offsets[PIECE / 16];
  long groups = rows.width / layout->group;
  for (long r = 0; r < count; r++)
    for (long at = 0; at < rows.width; at += PIECE) {
      long piece = rows.width - at < PIECE ? rows.width - at : PIECE;
      layout->unpack(blocks, piece / layout->weights, quanta, scales, offsets);
      blocks += piece / layout->weights * layout->bytes;
      for (long t = 0; t < tokens; t++) {
        const int8_t *x = rows.quanta + (first + t) * rows.width + at;
        long g = (first + t) * groups + at / layout->group, here = piece / layout->group;
        float part = dot(quanta, scales, x, rows.scales + g, here, layout->group);
        if (layout->has_offset) part += offset_dot(offsets, rows.sums + g, here);
        out[t * stride + r] = at == 0 ? part : out[t * stride + r] + part;
      }
    }
}

void attune_quantized_product(int level, int format, const void *blocks, long count, attune_rounded_rows rows,
                              long first, long tokens, float *out, long stride) {
  const attune_block_layout *layout = attune_block_layouts + format;
  if (level == 2) {
    if (tokens >= ATTUNE_TILE_TOKENS) return attune_vnni_tiles(layout, blocks, count, rows, first, tokens, out, stride);
    if (attune_vnni_rows(format, blocks, count, rows, first, tokens, out, stride)) return;
  }
  rowwise(dot_of(level), layout, blocks, count, rows, first, tokens, out, stride);
}
