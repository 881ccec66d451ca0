#pragma once
// A snapshot with known structure for tests: expert e owns a frame, and the tokens of domain e % domains lie close to it.

#include <Eigen/Core>
#include <memory>
#include <random>
#include <string>

#include "core/reading/snapshot.h"
#include "core/geometry/decompositions.h"

namespace moescope::testing {

struct PlantedShape {
  int tokens = 512, experts = 8, dimension = 32, rank = 4, domains = 4, layers = 2, context = 64;
  double spectrum = 12.0;  ///< every eigenvalue of every expert
  double noise = 0.6;      ///< length of the part of a token outside its expert's subspace
  unsigned seed = 7;
};

inline LayerSnapshot plantedLayer(const PlantedShape& shape, const Probe& probe, std::mt19937& generator) {
  std::normal_distribution<double> normal;
  const auto gaussian = [&](int rows, int columns) -> Eigen::MatrixXd {
    return Eigen::MatrixXd::NullaryExpr(rows, columns, [&] { return normal(generator); });
  };
  LayerSnapshot layer;
  layer.hidden.resize(shape.tokens, shape.dimension);
  layer.scores.resize(shape.tokens, shape.experts);
  layer.logPrior = Eigen::VectorXd::Constant(shape.experts, -std::log(shape.experts));
  layer.spectra = Eigen::MatrixXd::Constant(shape.experts, shape.rank, shape.spectrum);
  layer.routerDirections.resize(shape.experts, shape.dimension);
  layer.trainingLoad = Eigen::VectorXd::Constant(shape.experts, 1.0 / shape.experts);
  for (int e = 0; e < shape.experts; ++e) {
    const Eigen::MatrixXd frame = orthonormalColumns(gaussian(shape.dimension, shape.rank));
    layer.frames.push_back(frame.cast<float>());
    layer.routerDirections.row(e) = frame.col(0).cast<float>().transpose();
  }
  for (int t = 0; t < shape.tokens; ++t) {
    const int owned = (shape.experts - 1 - probe.domain[t]) / shape.domains + 1;  // experts of this domain
    const int expert = probe.domain[t] + shape.domains * (t % owned);
    const Eigen::VectorXd token = layer.frames[expert].cast<double>() * gaussian(shape.rank, 1) / std::sqrt(shape.rank) +
                                  gaussian(shape.dimension, 1) * shape.noise / std::sqrt(shape.dimension);
    layer.hidden.row(t) = token.normalized().cast<float>().transpose();
    for (int e = 0; e < shape.experts; ++e) {
      const Eigen::VectorXf along = layer.frames[e].transpose() * layer.hidden.row(t).transpose();
      layer.scores(t, e) = static_cast<float>(shape.spectrum) * along.squaredNorm();
    }
  }
  return layer;
}

inline std::shared_ptr<Snapshot> plantedSnapshot(const PlantedShape& shape = {}) {
  std::mt19937 generator(shape.seed);
  auto probe = std::make_shared<Probe>();
  probe->context = shape.context;
  probe->synthetic = true;
  for (int d = 0; d < shape.domains; ++d) probe->domainNames.push_back("domain " + std::string(1, static_cast<char>('A' + d)));
  for (int t = 0; t < shape.tokens; ++t) {
    probe->bytes.push_back(static_cast<std::uint8_t>('a' + t % 26));
    probe->domain.push_back((t / shape.context) % shape.domains);
  }
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->step = 100;
  snapshot->router = "grmoe";
  snapshot->probe = probe;
  for (int l = 0; l < shape.layers; ++l) snapshot->layers.push_back(plantedLayer(shape, *probe, generator));
  snapshot->trainingLoss = 2.0;
  snapshot->heldOutLoss = 2.1;
  snapshot->stepsPerSecond = 100.0;
  snapshot->tokensPerSecond = 51200.0;
  return snapshot;
}

/// The same as if a Mixtral checkpoint's layers 17 and 31 held it, which have no frames.
inline std::shared_ptr<Snapshot> asCheckpoint(const Snapshot& snapshot, const std::string& name) {
  auto checkpoint = std::make_shared<Snapshot>(snapshot);
  auto origin = std::make_shared<CheckpointOrigin>();
  origin->name = name;
  origin->family = checkpoint->router = "mixtral";
  origin->layerNumbers = {17, 31};
  checkpoint->checkpoint = origin;
  for (LayerSnapshot& layer : checkpoint->layers) layer.frames.clear(), layer.spectra.resize(0, 0);
  return checkpoint;
}

}  // namespace moescope::testing
