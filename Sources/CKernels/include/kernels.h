/// Elementwise inner loops of the engine. Each works on one chunk that the caller chose; none allocates or locks.
///
/// Matrices are row-major floats. "add" in a backward loop means: accumulate into the gradient that is there.
#ifndef ATTUNE_KERNELS_H
#define ATTUNE_KERNELS_H

#include <stdint.h>

// Elementwise
void attune_add(const float *a, const float *b, float *out, long count);
void attune_accumulate(float *sum, const float *a, long count);
void attune_scale(const float *a, float factor, float *out, long count);
void attune_accumulate_scaled(float *sum, const float *a, float factor, long count);
void attune_multiply(const float *a, const float *b, float *out, long count);
void attune_accumulate_product(float *sum, const float *a, const float *b, long count);
/// out *= a
void attune_multiply_into(float *out, const float *a, long count);
void attune_fill(float *out, float value, long count);
float attune_sum_of_squares(const float *a, long count);
/// rows x columns with `stride` floats between rows: out[r][c] += bias[c]
void attune_add_bias(float *out, long stride, const float *bias, long rows, long columns);
/// sum[c] += the column's sum over rows
void attune_sum_columns(float *sum, const float *a, long stride, long rows, long columns);

// Activations: kind 0 gelu by erf, 1 gelu by tanh, 2 relu, 3 tanh, 4 silu
void attune_activate(int kind, const float *in, float *out, long count);
void attune_activate_backward(int kind, const float *in, const float *gradient, float *out, long count);

// Weights that are whole multiples of one number, [count, inner] of 8 bits: out = unit * (x W^T) + bias, in floats.
void attune_multiply_whole(const float *x, long x_stride, long rows, const int8_t *weight, float unit,
                           const float *bias, long inner, float *out, long out_stride, long count);
/// x rounded to steps of 1 / factor, at most 127 of them to either side, and 128 more: bytes without a sign.
void attune_round_bytes(const float *x, float factor, uint8_t *out, long count);
/// out = scale * (x W^T) + bias in whole numbers: x [rows, inner] as `attune_round_bytes` leaves it, weights
/// [count, inner] and the sums of their rows. Level 2 needs VNNI (`attune_quantized_level`).
void attune_multiply_bytes(int level, const uint8_t *x, long rows, const int8_t *weight, const int32_t *sums,
                           float scale, const float *bias, long inner, float *out, long out_stride, long count);
/// How often the unit goes into each value.
/// - Returns: 0 where one is no whole multiple of it, or above 127
int attune_whole_multiples(const float *values, float unit, int8_t *whole, long count);

// Softmax over a row, with the row scaled first. Returns log(sum(exp)) of the scaled row.
float attune_softmax(float *row, float scale, long count);
/// The place of the largest value, of equal ones the first; 0 where none is above minus infinity.
long attune_largest(const float *row, long count);
/// Sums over a row of logits x, by how far they lie below the largest: of e^x, and of x e^x.
typedef struct {
  double sum, weighted;
} attune_spread;
attune_spread attune_spread_of(const float *row, float largest, long count);
/// out = scale * p * (g - sum(p*g))
void attune_softmax_backward(const float *p, const float *g, float scale, float *out, long count);

// Layer normalisation of rows; `total` receives in + residual (+ dropout of in) when it is not null.
typedef struct {
  uint32_t key;
  /// A value is dropped where its hash is below this; 0 drops nothing.
  uint32_t threshold;
  /// 1 / (1 - rate)
  float scale;
} attune_dropout;

void attune_layer_norm(const float *in, const float *residual, attune_dropout dropout, uint32_t first_row,
                       const float *weight, const float *bias, float epsilon, float *total, float *out,
                       float *mean, float *deviation, long rows, long width);
/// `in_gradient` gets the gradient of the sum; weight_sum and bias_sum are accumulated.
void attune_layer_norm_backward(const float *total, const float *gradient, const float *weight, const float *mean,
                                const float *deviation, float *in_gradient, float *weight_sum, float *bias_sum,
                                long rows, long width);

// Root mean square normalisation of rows; `inverse` receives 1 / rms of each row when it is not null.
void attune_rms_norm(const float *in, const float *weight, float epsilon, float *out, float *inverse, long rows,
                     long width);
/// `in_gradient` is written, weight_sum is accumulated.
void attune_rms_norm_backward(const float *in, const float *gradient, const float *weight, const float *inverse,
                              float *in_gradient, float *weight_sum, long rows, long width);

/// Turns each pair (i, i + half) of every head of one row by its angle: `direction` is 1, or -1 to turn back. Columns of a
/// head beyond 2 * half are copied. `out` may be `in`.
void attune_rotate(const float *in, const float *cosine, const float *sine, float direction, float *out, long heads,
                   long head_width, long half);

/// out = in dropped and scaled; row r is counted from first_row, so chunks agree with the whole.
void attune_dropout_rows(const float *in, float *out, attune_dropout dropout, uint32_t first_row, long rows,
                         long width);

// Products of few rows, bound by the reading of the weights.

/// out[r][o] = x[r] . weight[o], for `count` rows of weights that are `inner` floats long.
void attune_few_rows(const float *x, long x_stride, long rows, const float *weight, long stride, long inner, float *out,
                     long out_stride, long count);
/// out[c] = sum over i of x[i] * weight[i][c], for `columns` columns of rows that are `stride` floats apart.
void attune_one_row_transposed(const float *x, const float *weight, long stride, long inner, float *out,
                               long columns);

/// The keys or the values of one head that a query looks at.
typedef struct {
  /// The first row; the others are `stride` floats apart.
  const float *base;
  long stride;
  /// Which rows; null: the first `count`.
  const int32_t *rows;
  long count;
} attune_memory;

/// p = scale * query . keys, for heads of `width` floats.
void attune_attend_keys(const float *query, attune_memory memory, float scale, float *p, long width);
/// out = p . values
void attune_attend_values(const float *p, attune_memory memory, float *out, long width);

/// One token of a recurrent unit whose cells forget by a gate: x is the gate's logits, then the input, `width` each.
/// cell = f * before + (1 - f) * input, with f = logistic(gate)
void attune_recur(const float *x, const float *before, float *cell, long width);
/// `carried` holds the gradient that the next token left for the cell, and gets what is left for the one before.
void attune_recur_backward(const float *x, const float *before, const float *gradient, float *carried, float *out,
                           long width);

/// One AdamW step on `count` values (Loshchilov & Hutter 2019, as PyTorch orders it).
typedef struct {
  float learning_rate, beta1, beta2, epsilon, decay;
  /// 1 - beta1^t and sqrt(1 - beta2^t)
  float correction1, correction2;
  /// The factor of gradient clipping.
  float clip;
} attune_adamw_step;

void attune_adamw(float *value, const float *gradient, float *first, float *second, attune_adamw_step step, long count);

/// Hands what `malloc` keeps of freed memory back to the system, where the C library can.
void attune_release_free_memory(void);

#endif
