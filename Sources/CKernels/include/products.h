#ifndef ATTUNE_PRODUCTS_H
#define ATTUNE_PRODUCTS_H

/// c[m, n] = alpha * a b + beta * c + bias for a [m, k] and b [k, n], or [n, k] if it is transposed; row-major, with the
/// floats between rows as strides. m and n are at least 1. With beta 0, c is not read; `bias` [n] may be null.
///
/// Where this beats OpenBLAS, which copies the weights into its own order in every call and slowly: here they are turned
/// in registers, and a few rows are multiplied by them as they lie.
/// - Returns: 0, with nothing done, on a processor without AVX-512.
int attune_multiply_matrices(const float *a, long a_stride, const float *b, int b_is_transposed, long b_stride,
                             float *c, long c_stride, long m, long n, long k, float alpha, float beta,
                             const float *bias);

/// Up to here rows are multiplied by rows of b as they lie: packing those costs more than it gains.
enum { ATTUNE_UNPACKED_ROWS = 24 };

/// The floats of a packed [rows, width] matrix, in the order in which products by it read them; 0 on a processor without
/// AVX-512, where there is none.
long attune_packed_count(long rows, long width);

/// Packs the rows from `first` to `last` of b [rows, width], which lies row after row. `first` is a multiple of 32.
void attune_pack_rows(const float *b, long rows, long width, long first, long last, float *packed);

/// c[m, n] = a b^T + bias for a [m, k] and n rows of a packed [rows, k], from `first` on, a multiple of 32. The same bits
/// as the product by the rows as they lie.
void attune_multiply_packed(const float *a, long a_stride, const float *packed, long rows, long first, float *c,
                            long c_stride, long m, long n, long k, const float *bias);

#endif
