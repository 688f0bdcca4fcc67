// The pieces of a quantised product that are written for one kind of processor.
#ifndef ATTUNE_QUANTIZED_PRODUCTS_H
#define ATTUNE_QUANTIZED_PRODUCTS_H

#include "blocks.h"
#include "quantized.h"

/// Sum over groups of (quanta . x) * scale * x's scale, of one unpacked row and one rounded row.
typedef float attune_dot(const int8_t *quanta, const float *scales, const int8_t *x, const float *x_scales, long groups,
                         int group);

/// AVX2 or NEON with dot products; null where the processor has neither.
attune_dot *attune_wide_dot(void);

int attune_has_vnni(void);
attune_dot attune_vnni_dot;

/// From so many tokens on, tiles of sixteen rows of weights are unpacked once for all of them.
enum { ATTUNE_TILE_TOKENS = 3 };

void attune_vnni_tiles(const attune_block_layout *layout, const uint8_t *blocks, long count, attune_rounded_rows rows,
                       long first, long tokens, float *out, long stride);

/// For few tokens, straight from the blocks; 0 for formats that it does not know.
int attune_vnni_rows(int format, const uint8_t *blocks, long count, attune_rounded_rows rows, long first, long tokens,
                     float *out, long stride);

#endif
