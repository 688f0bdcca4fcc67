/// Weights in blocks of few bits (ggml's formats), and their products with rows that are rounded to 8 bits.
///
/// A weight is scale * quantum + offset. Scale and offset are shared by a group of 16 or 32 neighbours in a row, and the
/// rows of a product's other side are rounded group by group: quantum * quantum sums are exact in 32 bits.
#ifndef ATTUNE_QUANTIZED_H
#define ATTUNE_QUANTIZED_H

#include <stdint.h>

/// In the order of Swift's BlockFormat.
enum { ATTUNE_Q4_0, ATTUNE_Q4_1, ATTUNE_Q5_0, ATTUNE_Q5_1, ATTUNE_Q8_0, ATTUNE_Q4_K, ATTUNE_Q5_K, ATTUNE_Q6_K };

/// Neighbours that share a scale.
int attune_quantized_group(int format);

/// `count` weights, whole blocks of them, as floats. Exact: the same bits as ggml's own formula gives.
void attune_dequantize(int format, const void *blocks, float *out, long count);

/// The nearest that the format holds, with ggml's choice of scales for the formats without super-blocks.
void attune_quantize(int format, const float *in, void *blocks, long count);

/// Rows rounded to 8 bits, and their scales and sums to the 11 bits of a half: as ggml does, so that a text goes on with
/// the same words there and here.
typedef struct {
  /// [rows, width]
  int8_t *quanta;
  /// [rows, width / group]
  float *scales;
  /// [rows, width / group]: the sum of the group's values
  float *sums;
  /// [rows, width / group]: the sum of its quanta
  int32_t *quanta_sums;
  long width;
} attune_rounded_rows;

void attune_round_rows(const float *in, attune_rounded_rows out, int group, long first, long rows);

/// The widest instructions for products of bytes here: 0 none in particular, 1 AVX2 or NEON, 2 AVX-512 VNNI.
int attune_quantized_level(void);

/// out[t * stride + r] = weights[r] . rows[t], for `count` rows of weights from the one that `blocks` points at.
/// - Parameter level: at most what attune_quantized_level says
void attune_quantized_product(int level, int format, const void *blocks, long count, attune_rounded_rows rows,
                              long first, long tokens, float *out, long stride);

#endif
