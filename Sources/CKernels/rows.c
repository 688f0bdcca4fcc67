#include <math.h>

#include "kernels.h"
#include "vector_math.h"

// Sixteen running maxima: the compiler may not reorder comparisons by itself.
INLINE float scaled_maximum(float *row, float scale, long count) {
  float lanes[16], largest = -INFINITY;
  for (int l = 0; l < 16; l++) lanes[l] = -INFINITY;
  long i = 0;
  for (; i + 16 <= count; i += 16)
    for (int l = 0; l < 16; l++) {
      float x = row[i + l] * scale;
      row[i + l] = x;
      lanes[l] = x > lanes[l] ? x : lanes[l];
    }
  for (; i < count; i++) {
    row[i] *= scale;
    largest = row[i] > largest ? row[i] : largest;
  }
  for (int l = 0; l < 16; l++) largest = lanes[l] > largest ? lanes[l] : largest;
  return largest;
}

DISPATCHED float attune_softmax(float *row, float scale, long count) {
#pragma clang fp reassociate(on) contract(fast)
  float largest = scaled_maximum(row, scale, count);
  float sum = 0;
  for (long i = 0; i < count; i++) {
    float e = vector_exp(row[i] - largest);
    row[i] = e;
    sum += e;
  }
  float inverse = 1.0f / sum;
  for (long i = 0; i < count; i++) row[i] *= inverse;
  return largest + logf(sum);
}

DISPATCHED long attune_largest(const float *row, long count) {
  long best = 0;
  float largest = -INFINITY;
  // A block at a time, and place by place only in one that holds more than all before it.
  for (long start = 0; start < count; start += 256) {
    long end = start + 256 < count ? start + 256 : count, i = start;
    float lanes[16];
    for (int l = 0; l < 16; l++) lanes[l] = -INFINITY;
    for (; i + 16 <= end; i += 16)
      for (int l = 0; l < 16; l++) lanes[l] = row[i + l] > lanes[l] ? row[i + l] : lanes[l];
    for (; i < end; i++) lanes[0] = row[i] > lanes[0] ? row[i] : lanes[0];
    int is_larger = 0;
    for (int l = 0; l < 16; l++) is_larger |= lanes[l] > largest;
    if (!is_larger) continue;
    for (i = start; i < end; i++)
      if (row[i] > largest) {
        largest = row[i];
        best = i;
      }
  }
  return best;
}

DISPATCHED attune_spread attune_spread_of(const float *row, float largest, long count) {
#pragma clang fp reassociate(on) contract(fast)
  attune_spread whole = {0, 0};
  for (long start = 0; start < count; start += 1024) {
    long end = start + 1024 < count ? start + 1024 : count;
    float sum = 0, weighted = 0;
    for (long i = start; i < end; i++) {
      // What is suppressed, or far below, adds nothing that a float could hold.
      float x = row[i] - largest, power;
      x = x > -80.0f ? x : -80.0f;
      power = vector_exp(x);
      sum += power;
      weighted += power * x;
    }
    whole.sum += sum;
    whole.weighted += weighted;
  }
  return whole;
}

DISPATCHED void attune_softmax_backward(const float *p, const float *g, float scale, float *out, long count) {
#pragma clang fp reassociate(on) contract(fast)
  float dot = 0;
  for (long i = 0; i < count; i++) dot += p[i] * g[i];
  IN_PLACE for (long i = 0; i < count; i++) out[i] = scale * p[i] * (g[i] - dot);
}

INLINE float kept(float value, attune_dropout dropout, uint32_t row_key, uint32_t column) {
  return mixed(row_key + column * 0x9e3779b9u) < dropout.threshold ? 0.0f : value * dropout.scale;
}

INLINE uint32_t row_key(attune_dropout dropout, uint32_t row) { return mixed(dropout.key ^ mixed(row + 0x51ed270bu)); }

DISPATCHED void attune_dropout_rows(const float *in, float *out, attune_dropout dropout, uint32_t first_row, long rows,
                                    long width) {
  for (long r = 0; r < rows; r++) {
    uint32_t key = row_key(dropout, first_row + (uint32_t)r);
    IN_PLACE for (long c = 0; c < width; c++) out[r * width + c] = kept(in[r * width + c], dropout, key, (uint32_t)c);
  }
}

DISPATCHED void attune_layer_norm(const float *restrict in, const float *restrict residual, attune_dropout dropout,
                                  uint32_t first_row, const float *restrict weight, const float *restrict bias,
                                  float epsilon, float *restrict total, float *restrict out, float *restrict mean,
                                  float *restrict deviation, long rows, long width) {
#pragma clang fp reassociate(on) contract(fast)
  for (long r = 0; r < rows; r++) {
    const float *x = in + r * width;
    float *y = out + r * width;
    float *s = total ? total + r * width : y;
    if (residual) {
      const float *extra = residual + r * width;
      if (dropout.threshold) {
        uint32_t key = row_key(dropout, first_row + (uint32_t)r);
        for (long c = 0; c < width; c++) s[c] = kept(x[c], dropout, key, (uint32_t)c) + extra[c];
      } else {
        for (long c = 0; c < width; c++) s[c] = x[c] + extra[c];
      }
    } else {
      for (long c = 0; c < width; c++) s[c] = x[c];
    }
    float sum = 0;
    for (long c = 0; c < width; c++) sum += s[c];
    float m = sum / (float)width;
    float squares = 0;
    for (long c = 0; c < width; c++) squares += (s[c] - m) * (s[c] - m);
    float inverse = 1.0f / sqrtf(squares / (float)width + epsilon);
    for (long c = 0; c < width; c++) y[c] = (s[c] - m) * inverse * weight[c] + bias[c];
    if (mean) {
      mean[r] = m;
      deviation[r] = inverse;
    }
  }
}

DISPATCHED void attune_layer_norm_backward(const float *restrict total, const float *restrict gradient,
                                           const float *restrict weight, const float *restrict mean,
                                           const float *restrict deviation, float *restrict in_gradient,
                                           float *restrict weight_sum, float *restrict bias_sum, long rows,
                                           long width) {
#pragma clang fp reassociate(on) contract(fast)
  for (long r = 0; r < rows; r++) {
    const float *s = total + r * width, *g = gradient + r * width;
    float *d = in_gradient + r * width;
    float m = mean[r], inverse = deviation[r], sum = 0, dot = 0;
    for (long c = 0; c < width; c++) {
      float normal = (s[c] - m) * inverse, scaled = g[c] * weight[c];
      sum += scaled;
      dot += scaled * normal;
      weight_sum[c] += g[c] * normal;
      bias_sum[c] += g[c];
    }
    sum /= (float)width;
    dot /= (float)width;
    for (long c = 0; c < width; c++) d[c] = inverse * (g[c] * weight[c] - sum - (s[c] - m) * inverse * dot);
  }
}

DISPATCHED void attune_rms_norm(const float *restrict in, const float *restrict weight, float epsilon,
                                float *restrict out, float *restrict inverse, long rows, long width) {
#pragma clang fp reassociate(on) contract(fast)
  for (long r = 0; r < rows; r++) {
    const float *x = in + r * width;
    float squares = 0;
    for (long c = 0; c < width; c++) squares += x[c] * x[c];
    float factor = 1.0f / sqrtf(squares / (float)width + epsilon);
    for (long c = 0; c < width; c++) out[r * width + c] = x[c] * factor * weight[c];
    if (inverse) inverse[r] = factor;
  }
}

DISPATCHED void attune_rms_norm_backward(const float *restrict in, const float *restrict gradient,
                                         const float *restrict weight, const float *restrict inverse,
                                         float *restrict in_gradient, float *restrict weight_sum, long rows,
                                         long width) {
#pragma clang fp reassociate(on) contract(fast)
  for (long r = 0; r < rows; r++) {
    const float *x = in + r * width, *g = gradient + r * width;
    float factor = inverse[r], dot = 0;
    for (long c = 0; c < width; c++) {
      dot += g[c] * weight[c] * x[c];
      weight_sum[c] += g[c] * x[c] * factor;
    }
    dot *= factor * factor / (float)width;
    for (long c = 0; c < width; c++) in_gradient[r * width + c] = factor * (g[c] * weight[c] - x[c] * dot);
  }
}

DISPATCHED void attune_rotate(const float *in, const float *cosine, const float *sine, float direction, float *out,
                              long heads, long head_width, long half) {
  for (long h = 0; h < heads; h++) {
    const float *x = in + h * head_width;
    float *y = out + h * head_width;
    IN_PLACE for (long i = 0; i < half; i++) {
      float a = x[i], b = x[i + half], s = direction * sine[i];
      y[i] = a * cosine[i] - b * s;
      y[i + half] = b * cosine[i] + a * s;
    }
    for (long i = 2 * half; i < head_width; i++) y[i] = x[i];
  }
}
