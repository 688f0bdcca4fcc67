#include "products.h"

#include <string.h>

#include "processor.h"
#include "vector_math.h"

#if defined(__x86_64__) && defined(__linux__) && defined(__clang__)

#pragma clang fp contract(fast)
#define WIDE __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define UNROLLED _Pragma("clang loop unroll(full)")

enum {
  // A tile of the result: 12 rows of two vectors, held in 24 of the 32 registers.
  TILE_ROWS = 12,
  TILE_COLUMNS = 32,
  // Steps of the inner dimension in one panel of b: 48 KB, of the second cache.
  PANEL_STEPS = 384,
  // Rows of a that meet one panel before the next is packed: 400 KB, of the second cache too.
  BAND_ROWS = 264,
  // Rows of a that meet one group of b's rows in registers.
  DOT_ROWS = 8,
  // Steps of the inner dimension that few rows of a take at a time, while the next are asked for.
  STREAM_STEPS = 16,
};

typedef float vector __attribute__((vector_size(64), aligned(4)));
typedef float half_vector __attribute__((vector_size(32)));
typedef float quarter_vector __attribute__((vector_size(16)));

INLINE long least(long a, long b) { return a < b ? a : b; }

// The same four places of each quarter of two vectors.
#define PICK_IN_QUARTERS(a, b, i, j, k, l)                                                                          \
  __builtin_shufflevector(a, b, i, j, k, l, i + 4, j + 4, k + 4, l + 4, i + 8, j + 8, k + 8, l + 8, i + 12, j + 12, \
                          k + 12, l + 12)
#define FOUR(i) i, i + 1, i + 2, i + 3
// Whole quarters of two vectors.
#define PICK_QUARTERS(a, b, i, j, k, l) \
  __builtin_shufflevector(a, b, FOUR(4 * i), FOUR(4 * j), FOUR(4 * k), FOUR(4 * l))

// Turns 16 x 16 floats: place s of row c goes to place c of row s of the panel.
WIDE INLINE void transpose(const float *from, long stride, float *panel) {
  vector row[16], pair[16];
  UNROLLED for (int i = 0; i < 16; i++) row[i] = *(const vector *)(from + i * stride);
  UNROLLED for (int i = 0; i < 16; i += 2) {
    pair[i] = PICK_IN_QUARTERS(row[i], row[i + 1], 0, 16, 1, 17);
    pair[i + 1] = PICK_IN_QUARTERS(row[i], row[i + 1], 2, 18, 3, 19);
  }
  // Afterwards row[4g + q] holds places q, q + 4, q + 8, q + 12 of rows 4g to 4g + 3, a quarter each.
  UNROLLED for (int i = 0; i < 16; i += 4) {
    row[i] = PICK_IN_QUARTERS(pair[i], pair[i + 2], 0, 1, 16, 17);
    row[i + 1] = PICK_IN_QUARTERS(pair[i], pair[i + 2], 2, 3, 18, 19);
    row[i + 2] = PICK_IN_QUARTERS(pair[i + 1], pair[i + 3], 0, 1, 16, 17);
    row[i + 3] = PICK_IN_QUARTERS(pair[i + 1], pair[i + 3], 2, 3, 18, 19);
  }
  UNROLLED for (int q = 0; q < 4; q++) {
    vector low_ab = PICK_QUARTERS(row[q], row[q + 4], 0, 4, 1, 5);
    vector high_ab = PICK_QUARTERS(row[q], row[q + 4], 2, 6, 3, 7);
    vector low_cd = PICK_QUARTERS(row[q + 8], row[q + 12], 0, 4, 1, 5);
    vector high_cd = PICK_QUARTERS(row[q + 8], row[q + 12], 2, 6, 3, 7);
    *(vector *)(panel + (q + 0) * TILE_COLUMNS) = PICK_QUARTERS(low_ab, low_cd, 0, 1, 4, 5);
    *(vector *)(panel + (q + 4) * TILE_COLUMNS) = PICK_QUARTERS(low_ab, low_cd, 2, 3, 6, 7);
    *(vector *)(panel + (q + 8) * TILE_COLUMNS) = PICK_QUARTERS(high_ab, high_cd, 0, 1, 4, 5);
    *(vector *)(panel + (q + 12) * TILE_COLUMNS) = PICK_QUARTERS(high_ab, high_cd, 2, 3, 6, 7);
  }
}

// panel[step][column] from b[column][step]; missing columns are zeros.
WIDE static void pack_transposed(const float *b, long stride, long steps, long columns, float *panel) {
  long s = 0;
  for (; columns == TILE_COLUMNS && s + 16 <= steps; s += 16)
    for (long half = 0; half < TILE_COLUMNS; half += 16) {
      for (long c = half; c < half + 16; c++) __builtin_prefetch(b + c * stride + s + 64, 0, 3);
      transpose(b + half * stride + s, stride, panel + s * TILE_COLUMNS + half);
    }
  for (; s < steps; s++) {
    for (long c = 0; c < columns; c++) panel[s * TILE_COLUMNS + c] = b[c * stride + s];
    for (long c = columns; c < TILE_COLUMNS; c++) panel[s * TILE_COLUMNS + c] = 0;
  }
}

WIDE static void pack_plain(const float *b, long stride, long steps, long columns, float *panel) {
  for (long s = 0; s < steps; s++) {
    memcpy(panel + s * TILE_COLUMNS, b + s * stride, (size_t)columns * sizeof(float));
    for (long c = columns; c < TILE_COLUMNS; c++) panel[s * TILE_COLUMNS + c] = 0;
  }
}

// What is added to a result that is there. With beta 0 it is not read: it may be anything.
#define KEPT(beta, place) (beta != 0 ? beta * (place) : 0)

// c[rows][32] = alpha * a b + beta * c, with `rows` a constant where it is called.
WIDE INLINE void multiply_tile(int rows, const float *a, long a_stride, const float *b, long b_stride, long steps,
                               float *c, long c_stride, float alpha, float beta, const float *bias) {
  vector left[TILE_ROWS], right[TILE_ROWS];
  UNROLLED for (int r = 0; r < rows; r++) left[r] = right[r] = (vector){0};
  for (long s = 0; s < steps; s++) {
    vector b_left = *(const vector *)(b + s * b_stride), b_right = *(const vector *)(b + s * b_stride + 16);
    UNROLLED for (int r = 0; r < rows; r++) {
      vector x = a[r * a_stride + s] - (vector){0};
      left[r] += x * b_left;
      right[r] += x * b_right;
    }
  }
  vector more[2] = {{0}, {0}};
  if (bias) memcpy(more, bias, sizeof more);
  UNROLLED for (int r = 0; r < rows; r++) {
    vector *to = (vector *)(c + r * c_stride);
    to[0] = left[r] * alpha + more[0] + KEPT(beta, to[0]);
    to[1] = right[r] * alpha + more[1] + KEPT(beta, to[1]);
  }
}

typedef void tile_product(const float *, long, const float *, long, long, float *, long, float, float, const float *);
#define TILE(ROWS)                                                                                                 \
  WIDE static void tile_##ROWS(const float *a, long a_stride, const float *b, long b_stride, long steps, float *c, \
                               long c_stride, float alpha, float beta, const float *bias) {                        \
    multiply_tile(ROWS, a, a_stride, b, b_stride, steps, c, c_stride, alpha, beta, bias);                          \
  }
TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6) TILE(7) TILE(8) TILE(9) TILE(10) TILE(11) TILE(12)
static tile_product *const tiles[] = {0,      tile_1, tile_2, tile_3, tile_4,  tile_5, tile_6,
                                      tile_7, tile_8, tile_9, tile_10, tile_11, tile_12};

// A tile at the right edge of c, which is narrower than the registers.
static void edge_tile(long rows, long columns, const float *a, long a_stride, const float *panel, long steps, float *c,
                      long c_stride, float alpha, float beta, const float *bias) {
  float whole[TILE_ROWS * TILE_COLUMNS];
  tiles[rows](a, a_stride, panel, TILE_COLUMNS, steps, whole, TILE_COLUMNS, alpha, 0, 0);
  for (long r = 0; r < rows; r++)
    for (long j = 0; j < columns; j++) {
      float *to = c + r * c_stride + j;
      *to = whole[r * TILE_COLUMNS + j] + (bias ? bias[j] : 0) + KEPT(beta, *to);
    }
}

// Asks for a part of the rows of b that the next panel is made of, so that they come while this one is multiplied:
// weights lie in memory, and 32 rows side by side are more streams than a processor follows by itself.
INLINE void fetch_ahead(const float *b, long stride, long steps, long columns, long part, long parts) {
  for (long row = columns * part / parts; row < columns * (part + 1) / parts; row++)
    for (long s = 0; s < steps; s += 16) __builtin_prefetch(b + row * stride + s, 0, 2);
}

// A few rows of a by b as it lies, [k][n]: one tile high. Every step begins another page of memory, which a processor does
// not follow by itself, so the steps to come are asked for.
static void multiply_streamed(const float *a, long a_stride, const float *b, long b_stride, float *c, long c_stride,
                              long m, long n, long k, float alpha, float beta, const float *bias) {
  float edge[STREAM_STEPS * TILE_COLUMNS] __attribute__((aligned(64)));
  for (long s = 0; s < k; s += STREAM_STEPS)
    for (long column = 0; column < n; column += TILE_COLUMNS) {
      long steps = least(STREAM_STEPS, k - s), columns = least(TILE_COLUMNS, n - column);
      const float *from = b + s * b_stride + column;
      float *to = c + column, keep = s == 0 ? beta : 1;
      const float *more = bias && s == 0 ? bias + column : 0;
      for (long next = steps; next < least(2 * STREAM_STEPS, k - s); next++)
        for (long j = 0; j < columns; j += 16) __builtin_prefetch(from + next * b_stride + j, 0, 2);
      if (columns == TILE_COLUMNS) {
        tiles[m](a + s, a_stride, from, b_stride, steps, to, c_stride, alpha, keep, more);
      } else {
        pack_plain(from, b_stride, steps, columns, edge);
        edge_tile(m, columns, a + s, a_stride, edge, steps, to, c_stride, alpha, keep, more);
      }
    }
}

// The panel of a packed matrix of k steps and `columns` columns that starts at that step and column, which panels do.
INLINE const float *packed_panel(const float *packed, long columns, long k, long step, long column) {
  long padded = (columns + TILE_COLUMNS - 1) / TILE_COLUMNS * TILE_COLUMNS;
  return packed + step * padded + column * least(PANEL_STEPS, k - step);
}

// b as it lies, or packed: its columns from `first` on, of `packed_columns`.
struct right_matrix {
  const float *b, *packed;
  int is_transposed;
  long stride, first, packed_columns;
};

static void multiply_panels(const float *a, long a_stride, struct right_matrix right, float *c, long c_stride, long m,
                            long n, long k, float alpha, float beta, const float *bias) {
  static _Thread_local float panel[PANEL_STEPS * TILE_COLUMNS] __attribute__((aligned(64)));
  const float *b = right.b;
  long b_stride = right.stride, parts = (m + TILE_ROWS - 1) / TILE_ROWS;
  for (long s = 0; s < k; s += PANEL_STEPS)
    for (long column = 0; column < n; column += TILE_COLUMNS) {
      long steps = least(PANEL_STEPS, k - s), columns = least(TILE_COLUMNS, n - column);
      const float *tile_b = panel;
      long tile_b_stride = TILE_COLUMNS;
      if (right.packed) {
        tile_b = packed_panel(right.packed, right.packed_columns, k, s, right.first + column);
      } else if (right.is_transposed) {
        pack_transposed(b + column * b_stride + s, b_stride, steps, columns, panel);
      } else if (columns == TILE_COLUMNS && m <= 4 * TILE_ROWS) {
        tile_b = b + s * b_stride + column;
        tile_b_stride = b_stride;
      } else {
        pack_plain(b + s * b_stride + column, b_stride, steps, columns, panel);
      }
      long height = (m + parts - 1) / parts, next = least(TILE_COLUMNS, n - column - columns);
      for (long row = 0, part = 0; row < m; row += height, part++) {
        long rows = least(height, m - row);
        if (right.is_transposed && next > 0)
          fetch_ahead(b + (column + columns) * b_stride + s, b_stride, steps, next, part, parts);
        float *to = c + row * c_stride + column;
        float keep = s == 0 ? beta : 1;
        const float *more = bias && s == 0 ? bias + column : 0;
        if (columns == TILE_COLUMNS)
          tiles[rows](a + row * a_stride + s, a_stride, tile_b, tile_b_stride, steps, to, c_stride, alpha, keep, more);
        else
          edge_tile(rows, columns, a + row * a_stride + s, a_stride, tile_b, steps, to, c_stride, alpha, keep, more);
      }
    }
}

static void multiply_bands(const float *a, long a_stride, struct right_matrix right, float *c, long c_stride, long m,
                           long n, long k, float alpha, float beta, const float *bias) {
  for (long row = 0; row < m; row += BAND_ROWS)
    multiply_panels(a + row * a_stride, a_stride, right, c + row * c_stride, c_stride, least(BAND_ROWS, m - row), n, k,
                    alpha, beta, bias);
}

WIDE INLINE float sum_of(vector v) {
  half_vector half = __builtin_shufflevector(v, v, FOUR(0), FOUR(4)) + __builtin_shufflevector(v, v, FOUR(8), FOUR(12));
  quarter_vector quarter = __builtin_shufflevector(half, half, FOUR(0)) + __builtin_shufflevector(half, half, FOUR(4));
  return (quarter[0] + quarter[2]) + (quarter[1] + quarter[3]);
}

// c[rows][columns] = alpha * (dot of a's rows with b's) + beta * c, with constants for `rows` and `columns`.
WIDE INLINE void multiply_rows(int rows, int columns, const float *a, long a_stride, const float *b, long b_stride,
                               long k, float *c, long c_stride, float alpha, float beta, const float *bias) {
  vector sum[DOT_ROWS][8];
  UNROLLED for (int r = 0; r < rows; r++) UNROLLED for (int j = 0; j < columns; j++) sum[r][j] = (vector){0};
  long s = 0;
  for (; s + 16 <= k; s += 16) {
    vector y[8];
    UNROLLED for (int j = 0; j < columns; j++) y[j] = *(const vector *)(b + j * b_stride + s);
    UNROLLED for (int r = 0; r < rows; r++) {
      vector x = *(const vector *)(a + r * a_stride + s);
      UNROLLED for (int j = 0; j < columns; j++) sum[r][j] += x * y[j];
    }
  }
  UNROLLED for (int r = 0; r < rows; r++) UNROLLED for (int j = 0; j < columns; j++) {
    float total = sum_of(sum[r][j]);
    for (long t = s; t < k; t++) total += a[r * a_stride + t] * b[j * b_stride + t];
    float *to = c + r * c_stride + j;
    *to = alpha * total + (bias ? bias[j] : 0) + KEPT(beta, *to);
  }
}

typedef void row_product(const float *, long, const float *, long, long, float *, long, float, float, const float *);
#define ROW_PRODUCT(ROWS, COLUMNS)                                                                                   \
  WIDE static void rows_##ROWS##_##COLUMNS(const float *a, long a_stride, const float *b, long b_stride, long k,    \
                                           float *c, long c_stride, float alpha, float beta,                       \
                                           const float *bias) {                                                     \
    multiply_rows(ROWS, COLUMNS, a, a_stride, b, b_stride, k, c, c_stride, alpha, beta, bias);                      \
  }
ROW_PRODUCT(1, 8) ROW_PRODUCT(2, 8) ROW_PRODUCT(3, 6) ROW_PRODUCT(4, 4)
ROW_PRODUCT(5, 4) ROW_PRODUCT(6, 4) ROW_PRODUCT(7, 3) ROW_PRODUCT(8, 3)
ROW_PRODUCT(1, 1) ROW_PRODUCT(2, 1) ROW_PRODUCT(3, 1) ROW_PRODUCT(4, 1)
ROW_PRODUCT(5, 1) ROW_PRODUCT(6, 1) ROW_PRODUCT(7, 1) ROW_PRODUCT(8, 1)
// For each number of rows: as many columns at a time as the registers hold sums for, and one.
static const struct { long columns; row_product *wide, *narrow; } row_products[] = {
  {0, 0, 0},
  {8, rows_1_8, rows_1_1}, {8, rows_2_8, rows_2_1}, {6, rows_3_6, rows_3_1}, {4, rows_4_4, rows_4_1},
  {4, rows_5_4, rows_5_1}, {4, rows_6_4, rows_6_1}, {3, rows_7_3, rows_7_1}, {3, rows_8_3, rows_8_1},
};

static void multiply_unpacked(const float *a, long a_stride, const float *b, long b_stride, float *c, long c_stride,
                              long m, long n, long k, float alpha, float beta, const float *bias) {
  long blocks = (m + DOT_ROWS - 1) / DOT_ROWS, height = (m + blocks - 1) / blocks;
  long width = row_products[height].columns;
  for (long column = 0; column < n; column += width)
    for (long row = 0; row < m; row += height) {
      long rows = least(height, m - row), end = least(column + width, n), j = column;
      const float *from = a + row * a_stride;
      for (; j + row_products[rows].columns <= end; j += row_products[rows].columns)
        row_products[rows].wide(from, a_stride, b + j * b_stride, b_stride, k, c + row * c_stride + j, c_stride, alpha,
                                beta, bias ? bias + j : 0);
      for (; j < end; j++)
        row_products[rows].narrow(from, a_stride, b + j * b_stride, b_stride, k, c + row * c_stride + j, c_stride,
                                  alpha, beta, bias ? bias + j : 0);
    }
}

int attune_multiply_matrices(const float *a, long a_stride, const float *b, int b_is_transposed, long b_stride,
                             float *c, long c_stride, long m, long n, long k, float alpha, float beta,
                             const float *bias) {
  if (k == 0 || attune_vector_level() == 0) return 0;
  if (b_is_transposed && m <= ATTUNE_UNPACKED_ROWS) {
    multiply_unpacked(a, a_stride, b, b_stride, c, c_stride, m, n, k, alpha, beta, bias);
    return 1;
  }
  if (!b_is_transposed && m <= TILE_ROWS) {
    multiply_streamed(a, a_stride, b, b_stride, c, c_stride, m, n, k, alpha, beta, bias);
    return 1;
  }
  struct right_matrix right = {.b = b, .is_transposed = b_is_transposed, .stride = b_stride};
  multiply_bands(a, a_stride, right, c, c_stride, m, n, k, alpha, beta, bias);
  return 1;
}

long attune_packed_count(long rows, long width) {
  if (attune_vector_level() == 0) return 0;
  return (rows + TILE_COLUMNS - 1) / TILE_COLUMNS * TILE_COLUMNS * width;
}

void attune_pack_rows(const float *b, long rows, long width, long first, long last, float *packed) {
  for (long s = 0; s < width; s += PANEL_STEPS)
    for (long row = first; row < last; row += TILE_COLUMNS)
      pack_transposed(b + row * width + s, width, least(PANEL_STEPS, width - s), least(TILE_COLUMNS, rows - row),
                      (float *)packed_panel(packed, rows, width, s, row));
}

void attune_multiply_packed(const float *a, long a_stride, const float *packed, long rows, long first, float *c,
                            long c_stride, long m, long n, long k, const float *bias) {
  struct right_matrix right = {.packed = packed, .first = first, .packed_columns = rows};
  multiply_bands(a, a_stride, right, c, c_stride, m, n, k, 1, 0, bias);
}

#else

int attune_multiply_matrices(const float *a, long a_stride, const float *b, int b_is_transposed, long b_stride,
                             float *c, long c_stride, long m, long n, long k, float alpha, float beta,
                             const float *bias) {
  (void)a, (void)a_stride, (void)b, (void)b_is_transposed, (void)b_stride, (void)c, (void)c_stride;
  (void)m, (void)n, (void)k, (void)alpha, (void)beta, (void)bias;
  return 0;
}

long attune_packed_count(long rows, long width) {
  (void)rows, (void)width;
  return 0;
}

void attune_pack_rows(const float *b, long rows, long width, long first, long last, float *packed) {
  (void)b, (void)rows, (void)width, (void)first, (void)last, (void)packed;
}

void attune_multiply_packed(const float *a, long a_stride, const float *packed, long rows, long first, float *c,
                            long c_stride, long m, long n, long k, const float *bias) {
  (void)a, (void)a_stride, (void)packed, (void)rows, (void)first, (void)c, (void)c_stride;
  (void)m, (void)n, (void)k, (void)bias;
}

#endif
