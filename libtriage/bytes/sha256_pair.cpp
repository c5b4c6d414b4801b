// SPDX-License-Identifier: Apache-2.0
#include "bytes/sha256_pair.h"

#include <algorithm>
#include <span>

#include "base/check.h"
#include "bytes/digest.h"
#include "bytes/text.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace triage {
namespace {

constexpr std::size_t kBlock = 64;
using Words = std::array<std::uint32_t, 8>;

/// FIPS 180-4 §5.3.3
constexpr Words kStart = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                          0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

#if defined(__x86_64__)

/// FIPS 180-4 §4.2.2
alignas(16) constexpr std::array<std::uint32_t, 64> kRound = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

bool processor_has_sha() {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0) return false;
  const bool shuffles = (ecx & bit_SSSE3) != 0 && (ecx & bit_SSE4_1) != 0;
  return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && shuffles && (ebx & bit_SHA) != 0;
}

[[gnu::target("sha,sse4.1,ssse3")]] inline __m128i load(const void* from) {
  return _mm_loadu_si128(static_cast<const __m128i*>(from));
}
[[gnu::target("sha,sse4.1,ssse3")]] inline void store(void* to, __m128i value) {
  _mm_storeu_si128(static_cast<__m128i*>(to), value);
}

/// A vector that may be a template argument.
struct Four {
  __m128i words;
};

/// Runs the whole blocks of `data` through every state. The schedule of a block is made once.
template <std::size_t kStreams>
[[gnu::target("sha,sse4.1,ssse3")]] void compress(const std::array<Words*, kStreams>& states, Bytes data) {
  const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);  // big-endian words
  std::array<Four, kStreams> abef, cdgh;
  for (std::size_t s = 0; s < kStreams; ++s) {
    const __m128i badc = _mm_shuffle_epi32(load(states[s]->data()), 0xB1);
    const __m128i hgfe = _mm_shuffle_epi32(load(&(*states[s])[4]), 0x1B);
    abef[s].words = _mm_alignr_epi8(badc, hgfe, 8);
    cdgh[s].words = _mm_blend_epi16(hgfe, badc, 0xF0);
  }
  for (; data.size() >= kBlock; data = data.subspan(kBlock)) {
    const std::array<Four, kStreams> abef_before = abef, cdgh_before = cdgh;
    __m128i words[4];  // NOLINT(modernize-avoid-c-arrays): std::array drops the alignment
#pragma GCC unroll 4
    for (std::size_t i = 0; i < 4; ++i) words[i] = _mm_shuffle_epi8(load(data.subspan(16 * i).data()), order);
#pragma GCC unroll 16
    for (std::size_t r = 0; r < 16; ++r) {
      __m128i keyed = _mm_add_epi32(words[r % 4], load(&kRound[4 * r]));
#pragma GCC unroll 2
      for (std::size_t s = 0; s < kStreams; ++s)
        cdgh[s].words = _mm_sha256rnds2_epu32(cdgh[s].words, abef[s].words, keyed);
      keyed = _mm_shuffle_epi32(keyed, 0x0E);
#pragma GCC unroll 2
      for (std::size_t s = 0; s < kStreams; ++s)
        abef[s].words = _mm_sha256rnds2_epu32(abef[s].words, cdgh[s].words, keyed);
      if (r >= 12) continue;
      const __m128i shifted = _mm_alignr_epi8(words[(r + 3) % 4], words[(r + 2) % 4], 4);
      const __m128i partial = _mm_add_epi32(_mm_sha256msg1_epu32(words[r % 4], words[(r + 1) % 4]), shifted);
      words[r % 4] = _mm_sha256msg2_epu32(partial, words[(r + 3) % 4]);
    }
    for (std::size_t s = 0; s < kStreams; ++s) {
      abef[s].words = _mm_add_epi32(abef[s].words, abef_before[s].words);
      cdgh[s].words = _mm_add_epi32(cdgh[s].words, cdgh_before[s].words);
    }
  }
  for (std::size_t s = 0; s < kStreams; ++s) {
    const __m128i feba = _mm_shuffle_epi32(abef[s].words, 0x1B);
    const __m128i dchg = _mm_shuffle_epi32(cdgh[s].words, 0xB1);
    store(states[s]->data(), _mm_blend_epi16(feba, dchg, 0xF0));
    store(&(*states[s])[4], _mm_alignr_epi8(dchg, feba, 8));
  }
}

#else

bool processor_has_sha() { return false; }
template <std::size_t kStreams>
void compress(const std::array<Words*, kStreams>& /*states*/, Bytes /*data*/) {
  TRIAGE_CHECK(false);  // never asked for without the instructions
}

#endif

/// Ends a digest: `rest` is what follows the last whole block, `total` the bytes of all (FIPS 180-4 §5.1.1, §6.2.2).
std::array<std::byte, 32> finish_words(Words words, Bytes rest, std::uint64_t total) {
  std::array<std::byte, 2 * kBlock> last{};
  std::copy(rest.begin(), rest.end(), last.begin());
  last[rest.size()] = std::byte{0x80};
  const std::size_t size = rest.size() + 9 > kBlock ? 2 * kBlock : kBlock;
  for (std::size_t i = 0; i < 8; ++i) last[size - 1 - i] = static_cast<std::byte>((total * 8) >> (8 * i));
  compress<1>({&words}, Bytes(last).first(size));
  std::array<std::byte, 32> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::byte>(words[i / 4] >> (24 - 8 * (i % 4)));
  return out;
}

}  // namespace

struct Sha256Pair::State {
  bool fast = false;
  Words words = kStart;
  std::uint64_t total = 0;
  std::array<std::byte, kBlock> rest{};
  std::size_t rest_bytes = 0;
  Sha256 slow;

  /// Keeps what is behind the last whole block; gives what is before.
  Bytes take_whole(Bytes data) {
    TRIAGE_CHECK(rest_bytes == 0);
    const Bytes whole = data.first(data.size() / kBlock * kBlock);
    const Bytes tail = data.subspan(whole.size());
    std::copy(tail.begin(), tail.end(), rest.begin());
    rest_bytes = tail.size();
    total += data.size();
    return whole;
  }
};

bool Sha256Pair::is_fast() {
  static const bool kHas = processor_has_sha();
  return kHas;
}

Sha256Pair::Sha256Pair(bool use_instructions) : state_(std::make_unique<State>()) {
  state_->fast = use_instructions && is_fast();
}
Sha256Pair::~Sha256Pair() = default;

std::array<std::byte, 32> Sha256Pair::add_chunk(Bytes chunk) {
  if (!state_->fast) {
    state_->slow.update(chunk);
    return sha256_raw(chunk);
  }
  Words own = kStart;
  compress<2>({&state_->words, &own}, state_->take_whole(chunk));
  return finish_words(own, Bytes(state_->rest).first(state_->rest_bytes), chunk.size());
}

void Sha256Pair::add(Bytes data) {
  if (!state_->fast) return state_->slow.update(data);
  compress<1>({&state_->words}, state_->take_whole(data));
}

std::string Sha256Pair::finish_hex() {
  if (!state_->fast) return state_->slow.finish_hex();
  return to_hex(finish_words(state_->words, Bytes(state_->rest).first(state_->rest_bytes), state_->total));
}

}  // namespace triage
