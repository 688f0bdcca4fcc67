#include "kernels.h"
#include "vector_math.h"

// Rows of x that meet each weight while it is a float in registers.
enum { LANES = 16, MOST_ROWS = 3 };

typedef float lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(4)));
typedef int8_t bytes __attribute__((vector_size(LANES), aligned(1)));

// out[r][j] = unit * (x's row r by the weights' row j) + bias[j], with `rows` and `columns` constants where it is called.
INLINE void multiply_group(int rows, int columns, const float *x, long x_stride, const int8_t *weight, float unit,
                           const float *bias, long inner, float *out, long out_stride) {
#pragma clang fp contract(fast)
  lanes sum[MOST_ROWS][4];
  for (int r = 0; r < rows; r++)
    for (int j = 0; j < columns; j++) sum[r][j] = (lanes){0};
  long i = 0;
  for (; i + LANES <= inner; i += LANES) {
    lanes w[4];
    for (int j = 0; j < columns; j++) w[j] = __builtin_convertvector(*(const bytes *)(weight + j * inner + i), lanes);
    for (int r = 0; r < rows; r++) {
      lanes a = *(const lanes *)(x + r * x_stride + i);
      for (int j = 0; j < columns; j++) sum[r][j] += a * w[j];
    }
  }
  for (int r = 0; r < rows; r++)
    for (int j = 0; j < columns; j++) {
      float total = 0;
      for (int l = 0; l < LANES / 2; l++) total += sum[r][j][l] + sum[r][j][l + LANES / 2];
      for (long t = i; t < inner; t++) total += x[r * x_stride + t] * weight[j * inner + t];
      out[r * out_stride + j] = total * unit + (bias ? bias[j] : 0);
    }
}

#define GROUPS(ROWS, COLUMNS)                                                                                       \
  for (; o + COLUMNS <= count; o += COLUMNS)                                                                        \
    multiply_group(ROWS, COLUMNS, x, x_stride, weight + o * inner, unit, bias ? bias + o : 0, inner, out + o, out_stride);

#define MULTIPLY(ROWS, COLUMNS)                                                                                     \
  DISPATCHED static void multiply_##ROWS(const float *x, long x_stride, const int8_t *weight, float unit,            \
                                         const float *bias, long inner, float *out, long out_stride, long count) {  \
    long o = 0;                                                                                                     \
    GROUPS(ROWS, COLUMNS) GROUPS(ROWS, 1)                                                                           \
  }
MULTIPLY(1, 4) MULTIPLY(2, 4) MULTIPLY(3, 2)

void attune_multiply_whole(const float *x, long x_stride, long rows, const int8_t *weight, float unit,
                           const float *bias, long inner, float *out, long out_stride, long count) {
  // A band of weights that stays in the first cache while all rows meet it.
  enum { BAND = 32 };
  for (long o = 0; o < count; o += BAND) {
    long columns = count - o < BAND ? count - o : BAND;
    for (long r = 0; r < rows; r += MOST_ROWS) {
      const float *from = x + r * x_stride, *more = bias ? bias + o : 0;
      const int8_t *w = weight + o * inner;
      float *to = out + r * out_stride + o;
      switch (rows - r) {
        case 1: multiply_1(from, x_stride, w, unit, more, inner, to, out_stride, columns); break;
        case 2: multiply_2(from, x_stride, w, unit, more, inner, to, out_stride, columns); break;
        default: multiply_3(from, x_stride, w, unit, more, inner, to, out_stride, columns);
      }
    }
  }
}

// Distances from a whole number are far below this where the values are multiples of the unit, rounded to floats.
DISPATCHED int attune_whole_multiples(const float *values, float unit, int8_t *whole, long count) {
  const float shift = 12582912.0f, inverse = 1 / unit;
  int fits = 1;
  for (long i = 0; i < count; i++) {
    float ratio = values[i] * inverse, nearest = (ratio + shift) - shift;
    float off = ratio - nearest, size = nearest < 0 ? -nearest : nearest;
    off = off < 0 ? -off : off;
    fits &= off < 1e-4f && size <= 127;
    whole[i] = (int8_t)clamped(nearest, -127, 127);
  }
  return fits;
}
