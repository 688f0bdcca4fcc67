#include "blocks.h"
#include "vector_math.h"

// IEEE 754 half to single: the exponent is rebiased by one exact product.
INLINE float half(const uint8_t *bytes) {
  uint32_t bits = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8;
  uint32_t magnitude = (bits & 0x7fff) << 13;
  float value;
  memcpy(&value, &magnitude, 4);
  value *= 0x1p112f;
  memcpy(&magnitude, &value, 4);
  magnitude |= ((bits & 0x7c00) == 0x7c00 ? 0x7f800000u : 0) | (bits & 0x8000) << 16;
  memcpy(&value, &magnitude, 4);
  return value;
}

float attune_half(const uint8_t *bytes) { return half(bytes); }

DISPATCHED static void unpack_q4_0(const uint8_t *b, long count, int8_t *restrict q, float *restrict s, float *o) {
  for (; count > 0; count--, b += 18, q += 32) {
    *s++ = half(b);
    for (int i = 0; i < 16; i++) {
      q[i] = (int8_t)((b[2 + i] & 15) - 8);
      q[16 + i] = (int8_t)((b[2 + i] >> 4) - 8);
    }
  }
}

DISPATCHED static void unpack_q4_1(const uint8_t *b, long count, int8_t *restrict q, float *restrict s,
                                   float *restrict o) {
  for (; count > 0; count--, b += 20, q += 32) {
    *s++ = half(b);
    *o++ = half(b + 2);
    for (int i = 0; i < 16; i++) {
      q[i] = (int8_t)(b[4 + i] & 15);
      q[16 + i] = (int8_t)(b[4 + i] >> 4);
    }
  }
}

// Nibbles with a fifth bit each, in one word.
INLINE void five_bits(const uint8_t *fifths, const uint8_t *nibbles, int zero, int8_t *restrict q) {
  uint32_t high = (uint32_t)fifths[0] | (uint32_t)fifths[1] << 8 | (uint32_t)fifths[2] << 16 | (uint32_t)fifths[3] << 24;
  for (int i = 0; i < 16; i++) {
    q[i] = (int8_t)(((nibbles[i] & 15) | (high >> i & 1) << 4) - zero);
    q[16 + i] = (int8_t)((nibbles[i] >> 4 | (high >> (16 + i) & 1) << 4) - zero);
  }
}

DISPATCHED static void unpack_q5_0(const uint8_t *b, long count, int8_t *restrict q, float *restrict s, float *o) {
  for (; count > 0; count--, b += 22, q += 32) {
    *s++ = half(b);
    five_bits(b + 2, b + 6, 16, q);
  }
}

DISPATCHED static void unpack_q5_1(const uint8_t *b, long count, int8_t *restrict q, float *restrict s,
                                   float *restrict o) {
  for (; count > 0; count--, b += 24, q += 32) {
    *s++ = half(b);
    *o++ = half(b + 2);
    five_bits(b + 4, b + 8, 0, q);
  }
}

DISPATCHED static void unpack_q8_0(const uint8_t *b, long count, int8_t *restrict q, float *restrict s, float *o) {
  for (; count > 0; count--, b += 34, q += 32) {
    *s++ = half(b);
    memcpy(q, b + 2, 32);
  }
}

// Eight pairs of a 6-bit scale and a 6-bit offset, each times the super-block's own, out of 12 bytes.
INLINE void six_bit_scales(const uint8_t *packed, float scale, float offset, float *restrict s, float *restrict o) {
  for (int i = 0; i < 4; i++) {
    s[i] = scale * (float)(packed[i] & 63);
    o[i] = -(offset * (float)(packed[4 + i] & 63));
    s[4 + i] = scale * (float)((packed[8 + i] & 15) | packed[i] >> 6 << 4);
    o[4 + i] = -(offset * (float)(packed[8 + i] >> 4 | packed[4 + i] >> 6 << 4));
  }
}

DISPATCHED static void unpack_q4_k(const uint8_t *b, long count, int8_t *restrict q, float *restrict s,
                                   float *restrict o) {
  for (; count > 0; count--, b += 144, q += 256, s += 8, o += 8) {
    six_bit_scales(b + 4, half(b), half(b + 2), s, o);
    for (int pair = 0; pair < 4; pair++)
      for (int i = 0; i < 32; i++) {
        uint8_t two = b[16 + 32 * pair + i];
        q[64 * pair + i] = (int8_t)(two & 15);
        q[64 * pair + 32 + i] = (int8_t)(two >> 4);
      }
  }
}

DISPATCHED static void unpack_q5_k(const uint8_t *b, long count, int8_t *restrict q, float *restrict s,
                                   float *restrict o) {
  for (; count > 0; count--, b += 176, q += 256, s += 8, o += 8) {
    six_bit_scales(b + 4, half(b), half(b + 2), s, o);
    for (int pair = 0; pair < 4; pair++)
      for (int i = 0; i < 32; i++) {
        uint8_t two = b[48 + 32 * pair + i], fifths = (uint8_t)(b[16 + i] >> (2 * pair));
        q[64 * pair + i] = (int8_t)((two & 15) | (fifths & 1) << 4);
        q[64 * pair + 32 + i] = (int8_t)(two >> 4 | (fifths >> 1 & 1) << 4);
      }
  }
}

DISPATCHED static void unpack_q6_k(const uint8_t *b, long count, int8_t *restrict q, float *restrict s, float *o) {
  for (; count > 0; count--, b += 210, q += 256, s += 16) {
    float scale = half(b + 208);
    for (int i = 0; i < 16; i++) s[i] = scale * (float)(int8_t)b[192 + i];
    for (int part = 0; part < 2; part++)
      for (int i = 0; i < 32; i++) {
        uint8_t first = b[64 * part + i], second = b[64 * part + 32 + i], pairs = b[128 + 32 * part + i];
        int8_t *out = q + 128 * part + i;
        out[0] = (int8_t)(((first & 15) | (pairs & 3) << 4) - 32);
        out[32] = (int8_t)(((second & 15) | (pairs >> 2 & 3) << 4) - 32);
        out[64] = (int8_t)((first >> 4 | (pairs >> 4 & 3) << 4) - 32);
        out[96] = (int8_t)((second >> 4 | pairs >> 6 << 4) - 32);
      }
  }
}

void attune_pack_q4_0(const float *in, long count, uint8_t *blocks);
void attune_pack_q4_1(const float *in, long count, uint8_t *blocks);
void attune_pack_q5_0(const float *in, long count, uint8_t *blocks);
void attune_pack_q5_1(const float *in, long count, uint8_t *blocks);
void attune_pack_q8_0(const float *in, long count, uint8_t *blocks);
void attune_pack_q4_k(const float *in, long count, uint8_t *blocks);
void attune_pack_q5_k(const float *in, long count, uint8_t *blocks);
void attune_pack_q6_k(const float *in, long count, uint8_t *blocks);

const attune_block_layout attune_block_layouts[8] = {
  {32, 18, 32, 0, unpack_q4_0, attune_pack_q4_0},   {32, 20, 32, 1, unpack_q4_1, attune_pack_q4_1},
  {32, 22, 32, 0, unpack_q5_0, attune_pack_q5_0},   {32, 24, 32, 1, unpack_q5_1, attune_pack_q5_1},
  {32, 34, 32, 0, unpack_q8_0, attune_pack_q8_0},   {256, 144, 32, 1, unpack_q4_k, attune_pack_q4_k},
  {256, 176, 32, 1, unpack_q5_k, attune_pack_q5_k}, {256, 210, 16, 0, unpack_q6_k, attune_pack_q6_k},
};
