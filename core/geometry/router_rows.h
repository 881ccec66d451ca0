#pragma once
// What the coupling papers measure on a router's rows and on the tokens that they choose.

#include <Eigen/Core>

#include "core/metrics/row_matrix.h"

namespace moescope {

/// Means over pairs of different rows. NaN for fewer than two rows with a direction, and where a value is not finite.
struct RowSimilarity {
  double absolute = 0.0;         ///< of |cos|
  double cosine = 0.0;           ///< of cos
  double absoluteCentred = 0.0;  ///< the same after the mean row is taken out
  double cosineCentred = 0.0;    ///< -1 / (N - 1) for rows of one length, whatever they are: centred rows sum to 0
};

/// Of a router's rows (N x d). What all rows share adds the same to every logit of a token and changes no softmax: rows can be
/// similar for that alone, and what routing depends on is the similarity after the mean row is taken out. Rows of length 0 do not
/// count.
RowSimilarity rowSimilarity(const RowMatrix& rows);

/// Mean over experts of the mean cosine of two different tokens that both use the expert; `atMost` tokens of each expert, evenly
/// spaced. `tokens`: T x d; `gates`: T x N, 0 where not chosen. Experts with fewer than two tokens do not count; NaN without any
/// other.
double sameExpertCosine(const RowMatrix& tokens, const RowMatrix& gates, int atMost = 128);

/// Router projection energy: mean over tokens and the experts that each uses of cos^2 between the token and the expert's router
/// row. `tokens`: T x d, as the router reads them; `rows`: N x d. Tokens and rows of length 0 do not count; NaN without any
/// other. Independent random directions have 1 / d.
double projectionEnergy(const RowMatrix& tokens, const RowMatrix& gates, const RowMatrix& rows);

}  // namespace moescope
