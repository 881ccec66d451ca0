#pragma once
// The inner loops of evaluate(): the gates of one token at a time. On x86-64 they are compiled for AVX-512, AVX2 and the base
// instruction set, and the machine's best is chosen when the program starts.
//
// Every element (logit, exponential) is the same float on every machine; sums are added in the vector unit's order, so they
// agree between machines to about 1e-6 relative. The plain twin is evaluatePlainly().

namespace moescope {

/// exp(x) for x <= 0, relative error below 2e-7; exactly 0 below -87.33, where a float stops being normal.
float expOfNonPositive(float x);

/// One token's softmax, described by sums of positive terms so that nothing cancels: with l(1) the largest logit,
/// H = log Z + spread / Z.
struct RowReading {
  float largest = 0.0f;  ///< l(1)
  float range = 0.0f;    ///< l(1) - l(N)
  float gap = 0.0f;      ///< l(1) - l(2); 0 for one expert
  float total = 1.0f;    ///< Z = sum_e exp(l_e - l(1)), in [1, N]
  float spread = 0.0f;   ///< sum_e exp(l_e - l(1)) (l(1) - l_e) >= 0
};

/// logits = concentration * scores + offset and probabilities = softmax(logits), each of `experts` >= 1 entries.
RowReading readRow(const float* scores, const float* offset, float concentration, int experts, float* logits,
                   float* probabilities);

/// The largest cut such that at least k probabilities are >= cut. More than k only when some equal the cut.
float cutForCount(const float* probabilities, int experts, int k);

/// The largest cut such that the probabilities >= cut have at least this mass; 0 when all together do not reach it.
float cutForMass(const float* probabilities, int experts, float mass);

/// What is kept of a token's probabilities: its applied gates are kept / mass.
struct KeptRow {
  int count = 0;
  float mass = 0.0f;    ///< of the kept probabilities
  float least = 0.0f;   ///< smallest kept probability
  float spread = 0.0f;  ///< sum over the kept of probability * (largest - logit)
};

/// gates = probabilities where they are >= cut, else 0 (not yet renormalised).
KeptRow keepFrom(float cut, const float* probabilities, const float* logits, float largest, int experts, float* gates);

/// row *= factor, then load += row.
void scaleInto(float* row, float factor, int experts, float* load);
void addInto(const float* row, int experts, float* load);

}  // namespace moescope
