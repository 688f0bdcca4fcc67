#include "sha256.h"

#include <string.h>

static const uint32_t initial[8] = {
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static const uint32_t constants[64] = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline uint32_t rotated(uint32_t word, int bits) { return (word >> bits) | (word << (32 - bits)); }

static void portable_blocks(uint32_t state[8], const uint8_t *bytes, size_t blocks) {
  for (; blocks > 0; blocks--, bytes += 64) {
    uint32_t schedule[64];
    for (int t = 0; t < 16; t++) {
      const uint8_t *word = bytes + 4 * t;
      schedule[t] = (uint32_t)word[0] << 24 | (uint32_t)word[1] << 16 | (uint32_t)word[2] << 8 | word[3];
    }
    for (int t = 16; t < 64; t++) {
      uint32_t early = schedule[t - 15], late = schedule[t - 2];
      uint32_t small0 = rotated(early, 7) ^ rotated(early, 18) ^ (early >> 3);
      uint32_t small1 = rotated(late, 17) ^ rotated(late, 19) ^ (late >> 10);
      schedule[t] = schedule[t - 16] + small0 + schedule[t - 7] + small1;
    }
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int t = 0; t < 64; t++) {
      uint32_t big1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
      uint32_t first = h + big1 + ((e & f) ^ (~e & g)) + constants[t] + schedule[t];
      uint32_t big0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
      uint32_t second = big0 + ((a & b) ^ (a & c) ^ (b & c));
      h = g, g = f, f = e, e = d + first;
      d = c, c = b, b = a, a = first + second;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
  }
}

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

static uint32_t has_sha_instructions(void) {
  unsigned int a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return 0;
  uint32_t shuffles = (c >> 9 & 1) & (c >> 19 & 1);  // SSSE3 and SSE4.1
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
  return shuffles & (b >> 29 & 1);
}

__attribute__((target("sha,sse4.1,ssse3")))
static void accelerated_blocks(uint32_t state[8], const uint8_t *bytes, size_t blocks) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  __m128i dcba = _mm_loadu_si128((const __m128i *)state);
  __m128i hgfe = _mm_loadu_si128((const __m128i *)(state + 4));
  __m128i cdab = _mm_shuffle_epi32(dcba, 0xB1);
  __m128i efgh = _mm_shuffle_epi32(hgfe, 0x1B);
  __m128i abef = _mm_alignr_epi8(cdab, efgh, 8);
  __m128i cdgh = _mm_blend_epi16(efgh, cdab, 0xF0);

  for (; blocks > 0; blocks--, bytes += 64) {
    __m128i abef_before = abef, cdgh_before = cdgh;
    __m128i schedule[4];
#pragma clang loop unroll(full)
    for (int group = 0; group < 16; group++) {
      __m128i words;
      if (group < 4) {
        words = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(bytes + 16 * group)), big_endian);
      } else {
        __m128i newest = schedule[(group + 3) & 3];
        __m128i sum = _mm_sha256msg1_epu32(schedule[group & 3], schedule[(group + 1) & 3]);
        sum = _mm_add_epi32(sum, _mm_alignr_epi8(newest, schedule[(group + 2) & 3], 4));
        words = _mm_sha256msg2_epu32(sum, newest);
      }
      schedule[group & 3] = words;
      __m128i keyed = _mm_add_epi32(words, _mm_loadu_si128((const __m128i *)(constants + 4 * group)));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, keyed);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(keyed, 0x0E));
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }

  __m128i feba = _mm_shuffle_epi32(abef, 0x1B);
  __m128i dchg = _mm_shuffle_epi32(cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}
#else
static uint32_t has_sha_instructions(void) { return 0; }
#define accelerated_blocks portable_blocks
#endif

static void absorb(struct attune_sha256 *hash, const uint8_t *bytes, size_t blocks) {
  if (hash->accelerated) accelerated_blocks(hash->state, bytes, blocks);
  else portable_blocks(hash->state, bytes, blocks);
}

void attune_sha256_init_portable(struct attune_sha256 *hash) {
  memset(hash, 0, sizeof *hash);
  memcpy(hash->state, initial, sizeof initial);
}

void attune_sha256_init(struct attune_sha256 *hash) {
  attune_sha256_init_portable(hash);
  hash->accelerated = has_sha_instructions();
}

void attune_sha256_update(struct attune_sha256 *hash, const void *bytes, size_t count) {
  const uint8_t *next = bytes;
  hash->length += count;
  if (hash->pending > 0) {
    size_t taken = 64 - hash->pending < count ? 64 - hash->pending : count;
    memcpy(hash->block + hash->pending, next, taken);
    hash->pending += (uint32_t)taken;
    next += taken, count -= taken;
    if (hash->pending < 64) return;
    absorb(hash, hash->block, 1);
    hash->pending = 0;
  }
  absorb(hash, next, count / 64);
  next += count / 64 * 64;
  hash->pending = (uint32_t)(count % 64);
  if (hash->pending > 0) memcpy(hash->block, next, hash->pending);
}

void attune_sha256_final(struct attune_sha256 *hash, uint8_t digest[32]) {
  uint64_t bits = hash->length * 8;
  uint8_t padding[72] = {0x80};
  size_t zeros = (hash->pending < 56 ? 56 : 120) - hash->pending;
  for (int i = 0; i < 8; i++) padding[zeros + i] = (uint8_t)(bits >> (56 - 8 * i));
  attune_sha256_update(hash, padding, zeros + 8);
  for (int i = 0; i < 8; i++) {
    for (int j = 0; j < 4; j++) digest[4 * i + j] = (uint8_t)(hash->state[i] >> (24 - 8 * j));
  }
}
