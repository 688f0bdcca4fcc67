#include <math.h>

#include "blocks.h"
#include "vector_math.h"

// Into [low, high], and not-a-number to low.
INLINE float bounded(float x, float low, float high) { return x >= low ? (x <= high ? x : high) : low; }

static void put_half(uint8_t *bytes, float value) {
  uint16_t half = attune_to_half(value);
  bytes[0] = (uint8_t)half;
  bytes[1] = (uint8_t)(half >> 8);
}

// Single to IEEE 754 half, to the nearest, ties to even; too large becomes infinity.
uint16_t attune_to_half(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
  uint32_t magnitude = bits & 0x7fffffff;
  if (magnitude >= 0x7f800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00);
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  // Below 2^-14 halves count units of 2^-24: those are the last bits of the sum with 0.5.
  if (magnitude < 0x38800000) {
    float small;
    memcpy(&small, &magnitude, 4);
    small += 0.5f;
    memcpy(&magnitude, &small, 4);
    return sign | (uint16_t)(magnitude - 0x3f000000);
  }
  return sign | (uint16_t)((magnitude + 0xfff + (magnitude >> 13 & 1) - 0x38000000) >> 13);
}

// The value that lies farthest from zero, with its sign.
static float extreme(const float *in, long count) {
  float found = 0;
  for (long i = 0; i < count; i++)
    if (fabsf(in[i]) > fabsf(found)) found = in[i];
  return found;
}

static void range(const float *in, long count, float *low, float *high) {
  *low = *high = in[0];
  for (long i = 1; i < count; i++) {
    if (in[i] < *low) *low = in[i];
    if (in[i] > *high) *high = in[i];
  }
}

static void put_nibbles(const uint8_t quanta[32], uint8_t *nibbles) {
  for (int i = 0; i < 16; i++) nibbles[i] = (uint8_t)((quanta[i] & 15) | quanta[16 + i] << 4);
}

static void put_fifths(const uint8_t quanta[32], uint8_t *fifths) {
  memset(fifths, 0, 4);
  for (int i = 0; i < 32; i++) fifths[i / 8] |= (uint8_t)((quanta[i] >> 4 & 1) << i % 8);
}

// The sums and quotients of ggml's reference, in its order: not contracted, so that the bytes are the same.
static float round_signed(const float in[32], int levels, uint8_t quanta[32]) {
#pragma clang fp contract(off)
  float scale = extreme(in, 32) / -(float)levels;
  float inverse = scale != 0 ? 1.0f / scale : 0;
  for (int i = 0; i < 32; i++)
    quanta[i] = (uint8_t)bounded(in[i] * inverse + ((float)levels + 0.5f), 0, (float)(2 * levels - 1));
  return scale;
}

static float round_ranged(const float in[32], int top, uint8_t quanta[32], float *low) {
#pragma clang fp contract(off)
  float high;
  range(in, 32, low, &high);
  float scale = (high - *low) / (float)top;
  float inverse = scale != 0 ? 1.0f / scale : 0;
  for (int i = 0; i < 32; i++) quanta[i] = (uint8_t)bounded((in[i] - *low) * inverse + 0.5f, 0, (float)top);
  return scale;
}

void attune_pack_q4_0(const float *in, long count, uint8_t *b) {
  for (; count > 0; count--, in += 32, b += 18) {
    uint8_t quanta[32];
    put_half(b, round_signed(in, 8, quanta));
    put_nibbles(quanta, b + 2);
  }
}

void attune_pack_q4_1(const float *in, long count, uint8_t *b) {
  for (; count > 0; count--, in += 32, b += 20) {
    uint8_t quanta[32];
    float low;
    put_half(b, round_ranged(in, 15, quanta, &low));
    put_half(b + 2, low);
    put_nibbles(quanta, b + 4);
  }
}

void attune_pack_q5_0(const float *in, long count, uint8_t *b) {
  for (; count > 0; count--, in += 32, b += 22) {
    uint8_t quanta[32];
    put_half(b, round_signed(in, 16, quanta));
    put_fifths(quanta, b + 2);
    put_nibbles(quanta, b + 6);
  }
}

void attune_pack_q5_1(const float *in, long count, uint8_t *b) {
  for (; count > 0; count--, in += 32, b += 24) {
    uint8_t quanta[32];
    float low;
    put_half(b, round_ranged(in, 31, quanta, &low));
    put_half(b + 2, low);
    put_fifths(quanta, b + 4);
    put_nibbles(quanta, b + 8);
  }
}

void attune_pack_q8_0(const float *in, long count, uint8_t *b) {
#pragma clang fp contract(off)
  for (; count > 0; count--, in += 32, b += 34) {
    float scale = fabsf(extreme(in, 32)) / 127;
    float inverse = scale != 0 ? 1.0f / scale : 0;
    put_half(b, scale);
    for (int i = 0; i < 32; i++) b[2 + i] = (uint8_t)(int8_t)bounded(roundf(in[i] * inverse), -127, 127);
  }
}

// MARK: Super-blocks

// Steps of the search for a better scale, each a tenth of a level.
enum { SEARCHED = 12 };

// Scale and offset (at most 0) of the 32 values that leave the least squared error with quanta up to `top`: for a row of
// stretched ranges the nearest quanta, and for those the best line (least squares).
static void fit_line(const float in[32], int top, float *scale, float *offset) {
  float low, high, least = INFINITY;
  range(in, 32, &low, &high);
  low = low > 0 ? 0 : low;
  *scale = high > low ? (high - low) / (float)top : 0;
  *offset = low;
  if (*scale == 0 || !isfinite(*scale)) return;
  for (int step = -SEARCHED; step <= SEARCHED; step++) {
    float inverse = ((float)top + 0.1f * (float)step) / (high - low);
    float q1 = 0, q2 = 0, x1 = 0, xq = 0;
    uint8_t quanta[32];
    for (int i = 0; i < 32; i++) {
      quanta[i] = (uint8_t)bounded((in[i] - low) * inverse + 0.5f, 0, (float)top);
      float q = quanta[i];
      q1 += q, q2 += q * q, x1 += in[i], xq += in[i] * q;
    }
    float spread = 32 * q2 - q1 * q1;
    if (spread <= 0) continue;
    float s = (32 * xq - x1 * q1) / spread, o = (x1 * q2 - q1 * xq) / spread, error = 0;
    if (o > 0) s = xq / q2, o = 0;
    for (int i = 0; i < 32; i++) {
      float miss = s * (float)quanta[i] + o - in[i];
      error += miss * miss;
    }
    if (error < least) least = error, *scale = s, *offset = o;
  }
}

// Fits eight lines, and rounds their scales and offsets to 6 bits of the super-block's own.
static void pack_lines(const float in[256], int top, uint8_t *head, uint8_t quanta[256]) {
  float scales[8], depths[8], most = 0, deepest = 0;
  for (int g = 0; g < 8; g++) {
    fit_line(in + 32 * g, top, scales + g, depths + g);
    depths[g] = -depths[g];
    most = scales[g] > most ? scales[g] : most;
    deepest = depths[g] > deepest ? depths[g] : deepest;
  }
  put_half(head, most / 63);
  put_half(head + 2, deepest / 63);
  float unit = attune_half(head), depth_unit = attune_half(head + 2);
  memset(head + 4, 0, 12);
  for (int g = 0; g < 8; g++) {
    uint8_t s = unit > 0 ? (uint8_t)bounded(scales[g] / unit + 0.5f, 0, 63) : 0;
    uint8_t o = depth_unit > 0 ? (uint8_t)bounded(depths[g] / depth_unit + 0.5f, 0, 63) : 0;
    uint8_t *packed = head + 4;
    if (g < 4) {
      packed[g] |= s;
      packed[4 + g] |= o;
    } else {
      packed[4 + g] = (uint8_t)((s & 15) | (o & 15) << 4);
      packed[g - 4] |= (uint8_t)(s >> 4 << 6);
      packed[g] |= (uint8_t)(o >> 4 << 6);
    }
    float scale = unit * (float)s, depth = depth_unit * (float)o;
    for (int i = 32 * g; i < 32 * g + 32; i++)
      quanta[i] = scale > 0 ? (uint8_t)bounded((in[i] + depth) / scale + 0.5f, 0, (float)top) : 0;
  }
}

static void put_pairs(const uint8_t quanta[256], uint8_t *nibbles) {
  for (int pair = 0; pair < 4; pair++)
    for (int i = 0; i < 32; i++)
      nibbles[32 * pair + i] = (uint8_t)((quanta[64 * pair + i] & 15) | quanta[64 * pair + 32 + i] << 4);
}

void attune_pack_q4_k(const float *in, long count, uint8_t *b) {
  for (; count > 0; count--, in += 256, b += 144) {
    uint8_t quanta[256];
    pack_lines(in, 15, b, quanta);
    put_pairs(quanta, b + 16);
  }
}

void attune_pack_q5_k(const float *in, long count, uint8_t *b) {
  for (; count > 0; count--, in += 256, b += 176) {
    uint8_t quanta[256];
    pack_lines(in, 31, b, quanta);
    memset(b + 16, 0, 32);
    for (int g = 0; g < 8; g++)
      for (int i = 0; i < 32; i++) b[16 + i] |= (uint8_t)((quanta[32 * g + i] >> 4 & 1) << g);
    put_pairs(quanta, b + 48);
  }
}

// The scale of 16 values around zero, of either sign, with quanta from -32 to 31.
static float fit_scale(const float in[16]) {
  float end = extreme(in, 16), best = end / -32, least = INFINITY;
  if (end == 0 || !isfinite(end)) return 0;
  for (int step = -SEARCHED; step <= SEARCHED; step++) {
    float inverse = -(32 + 0.1f * (float)step) / end, xq = 0, q2 = 0, error = 0, quanta[16];
    for (int i = 0; i < 16; i++) {
      quanta[i] = bounded(rintf(in[i] * inverse), -32, 31);
      xq += in[i] * quanta[i], q2 += quanta[i] * quanta[i];
    }
    if (q2 == 0) continue;
    float scale = xq / q2;
    for (int i = 0; i < 16; i++) error += (scale * quanta[i] - in[i]) * (scale * quanta[i] - in[i]);
    if (error < least) least = error, best = scale;
  }
  return best;
}

void attune_pack_q6_k(const float *in, long count, uint8_t *b) {
  for (; count > 0; count--, in += 256, b += 210) {
    float scales[16];
    for (int g = 0; g < 16; g++) scales[g] = fit_scale(in + 16 * g);
    put_half(b + 208, extreme(scales, 16) / -128);
    float unit = attune_half(b + 208);
    uint8_t quanta[256];
    for (int g = 0; g < 16; g++) {
      int8_t s = unit != 0 ? (int8_t)bounded(rintf(scales[g] / unit), -128, 127) : 0;
      b[192 + g] = (uint8_t)s;
      float scale = unit * (float)s;
      for (int i = 16 * g; i < 16 * g + 16; i++)
        quanta[i] = (uint8_t)(32 + (scale != 0 ? (int)bounded(rintf(in[i] / scale), -32, 31) : 0));
    }
    for (int part = 0; part < 2; part++)
      for (int i = 0; i < 32; i++) {
        const uint8_t *q = quanta + 128 * part + i;
        b[64 * part + i] = (uint8_t)((q[0] & 15) | (q[64] & 15) << 4);
        b[64 * part + 32 + i] = (uint8_t)((q[32] & 15) | (q[96] & 15) << 4);
        b[128 + 32 * part + i] = (uint8_t)(q[0] >> 4 | q[32] >> 4 << 2 | q[64] >> 4 << 4 | q[96] >> 4 << 6);
      }
  }
}
