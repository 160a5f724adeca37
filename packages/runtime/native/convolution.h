// Convolutions [batch, height, width, channels] with bias and activation, not differentiable. Part
// of kernels.cc.
#pragma once

#include "kernels.h"
#include "pack.h"
#include "product.h"

namespace {

INLINE Vec activate(Vec x, int activation) {
  if (activation == linear) return x;
  if (activation == gelu_activation) return gelu(x);
  if (activation == tanh_activation) return tanh(x);
  if (activation == sigmoid_activation) return sigmoid(x);
  x = x < Vec{} ? Vec{} : x;
  const Vec six = Vec{} + 6.0f;
  return activation == relu6 ? (x > six ? six : x) : x;
}

// Row `pixel` of the im2col matrix: the input under the filter, 0 outside.
void gather_window(const Convolution& o, long pixel, float* to) {
  const long x0 = pixel % o.out_width * o.stride - o.pad_left;
  const long row = pixel / o.out_width;
  const long y0 = row % o.out_height * o.stride - o.pad_top;
  const float* image = o.input + row / o.out_height * o.height * o.width * o.channels;
  for (long ky = 0; ky < o.size; ky++) {
    for (long kx = 0; kx < o.size; kx++, to += o.channels) {
      const long y = y0 + ky, x = x0 + kx;
      const bool inside = y >= 0 && y < o.height && x >= 0 && x < o.width;
      const float* from = image + (y * o.width + x) * o.channels;
      for (long c = 0; c < o.channels; c++) to[c] = inside ? from[c] : 0.0f;
    }
  }
}

// [depth, channels] -> [depth, vectors, lanes], the columns from `first` on, padded with 0.
template <int vectors>
INLINE void pack_columns(const float* weights, long depth, long channels, long first, float* packed) {
  for (long k = 0; k < depth; k++) {
    for (int n = 0; n < vectors; n++, packed += lanes) {
      const long column = first + n * lanes;
      *reinterpret_cast<Vec*>(packed) = load(weights + k * channels + column, channels - column);
    }
  }
}

// Packs a block of weights `[depth, channels]` to its place among all; `lanes` divides `channels`.
void pack_block(const float* weights, long depth, long channels, long index, float* packed) {
  const long first = index * block;
  with_vectors(channels - first, [&](auto vectors) {
    pack_columns<decltype(vectors)::count>(weights, depth, channels, first, packed + first * depth);
  });
}

// Floats of a line of the cache.
constexpr long line = 16;
// Rows of output between a tile and what is prefetched: the end of the output may come before, which does no harm.
constexpr long ahead = 12;

// The pixels and the block of output channels of one task.
template <int vectors>
INLINE void convolve_block(const Convolution& o, const ConvolutionTask& task) {
  const long depth = o.size * o.size * o.channels, first = task.block * block;
  const bool direct = o.size == 1 && o.stride == 1;
  const float* const panel = o.packed ? o.weights + first * depth : task.packed;
  if (o.packed) {
    // Nothing to do.
  } else if (o.transposed) {
    pack_transposed(o.weights + first * depth, o.out_channels - first, depth, task.packed, 0, 1);
  } else {
    pack_columns<vectors>(o.weights, depth, o.out_channels, first, task.packed);
  }
  if (!direct) {
    for (long pixel = task.first; pixel < task.end; pixel++) {
      gather_window(o, pixel, task.windows + (pixel - task.first) * depth);
    }
  }
  Vec bias[vectors]{};
  for (int n = 0; n < vectors && o.bias != nullptr; n++) {
    bias[n] = load(o.bias + first + n * lanes, o.out_channels - first - n * lanes);
  }
  for_tiles(task.first, task.end, [&](auto rows, long pixel) {
    constexpr int count = decltype(rows)::count;
    const float* a = direct ? o.input + pixel * depth : task.windows + (pixel - task.first) * depth;
    // The rows of the next tiles, mostly in no cache.
    for (long r = 0; r < count; r++) {
      float* const to = o.output + (pixel + r + ahead) * o.out_channels + first;
      for (int n = 0; n < vectors; n += line / lanes) __builtin_prefetch(to + n * lanes, 1);
    }
    Vec sums[count][vectors];
    multiply<count, vectors>(a, depth, panel, depth, sums);
    for (int r = 0; r < count; r++) {
      float* to = o.output + (pixel + r) * o.out_channels + first;
      for (int n = 0; n < vectors; n++) {
        const Vec y = activate(sums[r][n] + bias[n], o.activation);
        store(to + n * lanes, y, o.out_channels - first - n * lanes);
      }
    }
  });
}

void convolve(const Convolution& o, const ConvolutionTask& task) {
  with_vectors(o.out_channels - task.block * block, [&](auto vectors) {
    convolve_block<decltype(vectors)::count>(o, task);
  });
}

void activate_all(float* x, long count, int activation) {
  for (long i = 0; i < count; i += lanes) store(x + i, activate(load(x + i, count - i), activation), count - i);
}

// Pixels `begin` to `end` of an output row, `vectors` vectors of channels from `first` on, one
// filter per channel. Only a single vector may extend past the last channel.
template <int vectors>
INLINE void filter_row(const Convolution& o, long row, long first, long begin, long end) {
  const long y0 = row % o.out_height * o.stride - o.pad_top;
  const long from_y = y0 < 0 ? -y0 : 0;
  const long end_y = y0 + o.size > o.height ? o.height - y0 : o.size;
  const float* image = o.input + row / o.out_height * o.height * o.width * o.channels;
  const long left = vectors == 1 ? o.channels - first : vectors * lanes;
  Vec bias[vectors];
  for (int n = 0; n < vectors; n++) bias[n] = load(o.bias + first + n * lanes, left - n * lanes);
  for (long out_x = begin; out_x < end; out_x++) {
    const long x0 = out_x * o.stride - o.pad_left;
    const long from_x = x0 < 0 ? -x0 : 0;
    const long end_x = x0 + o.size > o.width ? o.width - x0 : o.size;
    Vec sums[vectors];
    for (int n = 0; n < vectors; n++) sums[n] = bias[n];
    for (long ky = from_y; ky < end_y; ky++) {
      const float* pixel = image + ((y0 + ky) * o.width + x0 + from_x) * o.channels + first;
      const float* weight = o.weights + (ky * o.size + from_x) * o.channels + first;
      for (long kx = from_x; kx < end_x; kx++, pixel += o.channels, weight += o.channels) {
        for (int n = 0; n < vectors; n++) {
          const long count = left - n * lanes;
          sums[n] += load(pixel + n * lanes, count) * load(weight + n * lanes, count);
        }
      }
    }
    float* to = o.output + (row * o.out_width + out_x) * o.channels + first;
    for (int n = 0; n < vectors; n++) {
      store(to + n * lanes, activate(sums[n], o.activation), left - n * lanes);
    }
  }
}

// Like filter_row, for pixels `begin` to `end` whose filters are entirely inside the row: processes
// several at once, to read the weights once.
template <int vectors, int pixels>
INLINE long filter_inside(const Convolution& o, long row, long first, long begin, long end) {
  const long y0 = row % o.out_height * o.stride - o.pad_top;
  const long from_y = y0 < 0 ? -y0 : 0;
  const long end_y = y0 + o.size > o.height ? o.height - y0 : o.size;
  const float* image = o.input + row / o.out_height * o.height * o.width * o.channels;
  const long apart = o.stride * o.channels;
  long out_x = begin;
  for (; out_x + pixels <= end; out_x += pixels) {
    Vec sums[pixels][vectors];
    for (auto& pixel : sums) {
      for (int n = 0; n < vectors; n++) pixel[n] = load(o.bias + first + n * lanes, lanes);
    }
    for (long ky = from_y; ky < end_y; ky++) {
      const long x0 = out_x * o.stride - o.pad_left;
      const float* at = image + ((y0 + ky) * o.width + x0) * o.channels + first;
      const float* weight = o.weights + ky * o.size * o.channels + first;
      for (long kx = 0; kx < o.size; kx++, at += o.channels, weight += o.channels) {
        for (int n = 0; n < vectors; n++) {
          const Vec w = load(weight + n * lanes, lanes);
          for (int p = 0; p < pixels; p++) sums[p][n] += load(at + p * apart + n * lanes, lanes) * w;
        }
      }
    }
    for (int p = 0; p < pixels; p++) {
      float* to = o.output + (row * o.out_width + out_x + p) * o.channels + first;
      for (int n = 0; n < vectors; n++) store(to + n * lanes, activate(sums[p][n], o.activation), lanes);
    }
  }
  return out_x;
}

// Prefetches the input that the next row of output reads first, and that row. A part of them while the row's channels `first`
// to `end` are computed: all at once would be more than are fetched at a time.
INLINE void fetch_next_row(const Convolution& o, long row, long first, long end) {
  const long next = row % o.out_height * o.stride - o.pad_top + o.size;
  const float* const input = o.input + (row / o.out_height * o.height + next) * o.width * o.channels;
  const float* const output = o.output + (row + 1) * o.out_width * o.channels;
  for (long i = first * o.stride * o.width; i < end * o.stride * o.width; i += line) __builtin_prefetch(input + i);
  for (long i = first * o.out_width; i < end * o.out_width; i += line) __builtin_prefetch(output + i, 1);
}

// Rows of output pixels of a depthwise convolution.
void filter_rows(const Convolution& o, long first_row, long end_row) {
  // The range in which the filter does not extend past the left or right edge.
  const long first = (o.pad_left + o.stride - 1) / o.stride;
  const long begin = first < o.out_width ? first : o.out_width;
  const long past = (o.width + o.pad_left - o.size) / o.stride + 1;
  const long end = past > begin ? (past < o.out_width ? past : o.out_width) : begin;
  for (long row = first_row; row < end_row; row++) {
    long channel = 0;
    for (; channel + 2 * lanes <= o.channels; channel += 2 * lanes) {
      fetch_next_row(o, row, channel, channel + 2 * lanes);
      filter_row<2>(o, row, channel, 0, begin);
      const long done = filter_inside<2, 4>(o, row, channel, begin, end);
      filter_row<2>(o, row, channel, done, o.out_width);
    }
    for (; channel < o.channels; channel += lanes) {
      filter_row<1>(o, row, channel, 0, o.out_width);
    }
  }
}

}  // namespace
