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

#endif
