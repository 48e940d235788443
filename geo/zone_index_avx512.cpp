// The AVX-512 kernel: sixteen points at a time. Compiled into every x86-64 build, used where the processor has it.
#include "geo/zone_index_batch.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#define CATCHMENT_AVX512 __attribute__((target("avx512f,avx512dq")))

namespace catchment::geo {
namespace {

static_assert(sizeof(Point) == 8 && sizeof(Degrees) == 16);

CATCHMENT_AVX512 void convert(const Degrees* degrees, std::size_t count, Point nowhere, Batch& batch) {
  const __m512d limits = _mm512_setr_pd(180, 90, 180, 90, 180, 90, 180, 90);
  const __m512d scale = _mm512_set1_pd(kUnitsPerDegree);
  const __m256i off = _mm256_setr_epi32(nowhere.lon, nowhere.lat, nowhere.lon, nowhere.lat, nowhere.lon, nowhere.lat,
                                        nowhere.lon, nowhere.lat);
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    const __m512d d = _mm512_loadu_pd(&degrees[i].lon);
    const unsigned in_range = _mm512_cmp_pd_mask(_mm512_abs_pd(d), limits, _CMP_LE_OQ);
    __m256i units = _mm512_cvtpd_epi32(_mm512_mul_pd(d, scale));
    if (in_range != 0xffu) [[unlikely]] {
      const unsigned both = in_range & (in_range >> 1) & 0x55u;
      alignas(32) std::array<std::int32_t, 8> lanes;
      alignas(32) std::array<std::int32_t, 8> outside;
      _mm256_store_si256(reinterpret_cast<__m256i*>(lanes.data()), units);
      _mm256_store_si256(reinterpret_cast<__m256i*>(outside.data()), off);
      for (std::size_t k = 0; k < 8; ++k) {
        if (((both >> (k & ~std::size_t{1})) & 1u) == 0) lanes[k] = outside[k];
      }
      units = _mm256_load_si256(reinterpret_cast<const __m256i*>(lanes.data()));
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(&batch.points[i]), units);
  }
  if (i == count) return;
  Batch rest;
  kBaselineKernel.convert(degrees + i, count - i, nowhere, rest);
  std::copy_n(rest.points.begin(), count - i, batch.points.begin() + static_cast<std::ptrdiff_t>(i));
}

CATCHMENT_AVX512 void read_blocks(const ZoneIndex::Tables& t, std::size_t count, Batch& batch) {
  if (count < kBatch) return kBaselineKernel.read_blocks(t, count, batch);
  const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  const __m512i odd = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
  const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const __m512i west = _mm512_set1_epi32(t.meta.origin.lon);
  const __m512i south = _mm512_set1_epi32(t.meta.origin.lat);
  const __m512i width = _mm512_set1_epi32(static_cast<std::int32_t>(t.width()));
  const __m512i height = _mm512_set1_epi32(static_cast<std::int32_t>(t.height()));
  const __m512i blocks_x = _mm512_set1_epi32(static_cast<std::int32_t>(t.meta.blocks_x));
  const __m512i sentinel = _mm512_set1_epi32(static_cast<std::int32_t>(t.blocks.size() - 1));
  const __m128i shift_x = _mm_cvtsi32_si128(static_cast<std::int32_t>(t.meta.shift_x) + kBlockShift);
  const __m128i shift_y = _mm_cvtsi32_si128(static_cast<std::int32_t>(t.meta.shift_y) + kBlockShift);
  std::size_t open = 0;
  for (std::size_t i = 0; i < kBatch; i += 16) {
    const __m512i low = _mm512_loadu_si512(&batch.points[i]);
    const __m512i high = _mm512_loadu_si512(&batch.points[i + 8]);
    const __m512i x = _mm512_sub_epi32(_mm512_permutex2var_epi32(low, even, high), west);
    const __m512i y = _mm512_sub_epi32(_mm512_permutex2var_epi32(low, odd, high), south);
    const __mmask16 on_grid = _mm512_cmplt_epu32_mask(x, width) & _mm512_cmplt_epu32_mask(y, height);
    const __m512i block =
        _mm512_add_epi32(_mm512_mullo_epi32(_mm512_srl_epi32(y, shift_y), blocks_x), _mm512_srl_epi32(x, shift_x));
    const __m512i chosen = _mm512_mask_mov_epi32(sentinel, on_grid, block);
    const __m512i entries = _mm512_i32gather_epi32(chosen, t.blocks.data(), 4);
    _mm512_store_si512(&batch.entries[i], entries);
    const __mmask16 deeper = _mm512_movepi32_mask(entries);
    const __m512i numbers = _mm512_add_epi32(lanes, _mm512_set1_epi32(static_cast<std::int32_t>(i)));
    _mm512_mask_compressstoreu_epi32(&batch.open[open], deeper, numbers);
    open += static_cast<std::size_t>(__builtin_popcount(deeper));
  }
  batch.open_count = open;
}

const BatchKernel kAvx512Kernel{convert, read_blocks};

}  // namespace

const BatchKernel* find_avx512_kernel() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") ? &kAvx512Kernel : nullptr;
}

}  // namespace catchment::geo

#else

namespace catchment::geo {
const BatchKernel* find_avx512_kernel() { return nullptr; }
}  // namespace catchment::geo

#endif
