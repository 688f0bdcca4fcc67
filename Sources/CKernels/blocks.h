// The layouts of ggml's blocks: whole numbers and scales out of them, and how large they are.
#ifndef ATTUNE_BLOCKS_H
#define ATTUNE_BLOCKS_H

#include <stdint.h>

typedef struct {
  /// Weights and bytes of a block, and weights that share a scale.
  int weights, bytes, group;
  /// Whether weights have an offset beside their scale.
  int has_offset;
  /// Quanta, and one scale and offset a group, of `blocks` blocks. `offsets` is written only where the format has them.
  void (*unpack)(const uint8_t *blocks, long count, int8_t *quanta, float *scales, float *offsets);
  void (*pack)(const float *in, long count, uint8_t *blocks);
} attune_block_layout;

/// By format.
extern const attune_block_layout attune_block_layouts[8];

float attune_half(const uint8_t *bytes);
uint16_t attune_to_half(float value);

#endif
