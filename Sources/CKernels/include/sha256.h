#ifndef ATTUNE_SHA256_H
#define ATTUNE_SHA256_H

#include <stddef.h>
#include <stdint.h>

/// A running SHA-256 (FIPS 180-4). `accelerated` is set by the initialiser when the processor has SHA instructions.
struct attune_sha256 {
  uint32_t state[8];
  uint64_t length;
  uint32_t pending;
  uint32_t accelerated;
  uint8_t block[64];
};

void attune_sha256_init(struct attune_sha256 *hash);
/// The same with the plain C rounds, whatever the processor offers.
void attune_sha256_init_portable(struct attune_sha256 *hash);
void attune_sha256_update(struct attune_sha256 *hash, const void *bytes, size_t count);
void attune_sha256_final(struct attune_sha256 *hash, uint8_t digest[32]);

#endif
