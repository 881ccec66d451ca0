#include "core/metrics/row_kernels.h"

#include <bit>
#include <cstdint>
#include <limits>

// Sanitizers' start-up code and the resolvers of such clones do not get on.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define MOESCOPE_FOR_EACH_VECTOR_UNIT __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define MOESCOPE_FOR_EACH_VECTOR_UNIT
#endif

namespace moescope {
namespace {

constexpr float kSmallestExponent = -87.33f;  // exp of it is still a normal float
constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// exp by x = k log 2 + r, |r| <= 0.35, and the Taylor polynomial of degree 7 in r, whose remainder is below 6e-9.
inline __attribute__((always_inline)) float negativeExp(float x) {
  constexpr float kLog2E = 1.44269504f;
  constexpr float kRounder = 12582912.0f;                            // 1.5 * 2^23: adding it rounds to an integer
  constexpr float kLog2High = 0.693359375f, kLog2Low = -2.12194440e-4f;  // log 2 in two parts: k * high is exact
  const float clamped = x < kSmallestExponent ? kSmallestExponent : x;
  const float shifted = clamped * kLog2E + kRounder;
  const float k = shifted - kRounder;
  const float r = (clamped - k * kLog2High) - k * kLog2Low;
  float sum = 1.0f / 5040.0f;
  sum = sum * r + 1.0f / 720.0f;
  sum = sum * r + 1.0f / 120.0f;
  sum = sum * r + 1.0f / 24.0f;
  sum = sum * r + 1.0f / 6.0f;
  sum = sum * r + 0.5f;
  sum = sum * r + 1.0f;
  sum = sum * r + 1.0f;
  const float power = std::bit_cast<float>((std::bit_cast<std::uint32_t>(shifted) << 23) + 0x3f800000u);  // 2^k
  return x < kSmallestExponent ? 0.0f : sum * power;
}

/// Non-negative floats are ordered as their bit patterns.
inline std::uint32_t bitsOf(float value) { return std::bit_cast<std::uint32_t>(value); }
inline float fromBits(std::uint32_t bits) { return std::bit_cast<float>(bits); }

inline __attribute__((always_inline)) float largestOf(const float* values, int count) {
  float largest = -kInfinity;
#pragma omp simd reduction(max : largest)
  for (int e = 0; e < count; ++e) largest = values[e] > largest ? values[e] : largest;
  return largest;
}

}  // namespace

float expOfNonPositive(float x) { return negativeExp(x); }

MOESCOPE_FOR_EACH_VECTOR_UNIT
RowReading readRow(const float* scores, const float* offset, float concentration, int experts, float* logits,
                   float* probabilities) {
  float largest = -kInfinity, least = kInfinity;
#pragma omp simd reduction(max : largest) reduction(min : least)
  for (int e = 0; e < experts; ++e) {
    const float logit = concentration * scores[e] + offset[e];
    logits[e] = logit;
    largest = logit > largest ? logit : largest;
    least = logit < least ? logit : least;
  }
  float total = 0.0f, spread = 0.0f, second = -kInfinity;
  int winners = 0;
#pragma omp simd reduction(+ : total, spread, winners) reduction(max : second)
  for (int e = 0; e < experts; ++e) {
    const float below = logits[e] - largest;
    const float weight = negativeExp(below);
    probabilities[e] = weight;
    total += weight;
    spread -= weight * below;
    const float rest = below < 0.0f ? below : -kInfinity;
    second = rest > second ? rest : second;
    winners += below < 0.0f ? 0 : 1;
  }
  const float factor = 1.0f / total;
#pragma omp simd
  for (int e = 0; e < experts; ++e) probabilities[e] *= factor;
  return {largest, largest - least, winners > 1 || experts < 2 ? 0.0f : -second, total, spread};
}

MOESCOPE_FOR_EACH_VECTOR_UNIT
float cutForCount(const float* probabilities, int experts, int k) {
  std::uint32_t enough = 0, tooFew = bitsOf(largestOf(probabilities, experts)) + 1;
  while (tooFew - enough > 1) {
    const std::uint32_t middle = enough + (tooFew - enough) / 2;
    const float cut = fromBits(middle);
    int count = 0;
#pragma omp simd reduction(+ : count)
    for (int e = 0; e < experts; ++e) count += probabilities[e] >= cut ? 1 : 0;
    if (count == k) return cut;
    (count > k ? enough : tooFew) = middle;
  }
  return fromBits(enough);
}

MOESCOPE_FOR_EACH_VECTOR_UNIT
float cutForMass(const float* probabilities, int experts, float mass) {
  std::uint32_t enough = 0, tooFew = bitsOf(largestOf(probabilities, experts)) + 1;
  while (tooFew - enough > 1) {
    const std::uint32_t middle = enough + (tooFew - enough) / 2;
    const float cut = fromBits(middle);
    float sum = 0.0f, least = kInfinity;
#pragma omp simd reduction(+ : sum) reduction(min : least)
    for (int e = 0; e < experts; ++e) {
      const bool kept = probabilities[e] >= cut;
      const float candidate = kept ? probabilities[e] : kInfinity;
      sum += kept ? probabilities[e] : 0.0f;
      least = candidate < least ? candidate : least;
    }
    if (sum >= mass && sum - least < mass) return cut;  // none of them can go
    (sum >= mass ? enough : tooFew) = middle;
  }
  return fromBits(enough);
}

MOESCOPE_FOR_EACH_VECTOR_UNIT
KeptRow keepFrom(float cut, const float* probabilities, const float* logits, float largest, int experts, float* gates) {
  int count = 0;
  float mass = 0.0f, spread = 0.0f, least = kInfinity;
#pragma omp simd reduction(+ : count, mass, spread) reduction(min : least)
  for (int e = 0; e < experts; ++e) {
    const bool kept = probabilities[e] >= cut;
    const float gate = kept ? probabilities[e] : 0.0f;
    const float candidate = kept ? gate : kInfinity;
    gates[e] = gate;
    count += kept ? 1 : 0;
    mass += gate;
    spread += gate * (largest - logits[e]);
    least = candidate < least ? candidate : least;
  }
  return {count, mass, least, spread};
}

MOESCOPE_FOR_EACH_VECTOR_UNIT
void scaleInto(float* row, float factor, int experts, float* load) {
#pragma omp simd
  for (int e = 0; e < experts; ++e) {
    row[e] *= factor;
    load[e] += row[e];
  }
}

MOESCOPE_FOR_EACH_VECTOR_UNIT
void addInto(const float* row, int experts, float* load) {
#pragma omp simd
  for (int e = 0; e < experts; ++e) load[e] += row[e];
}

}  // namespace moescope
