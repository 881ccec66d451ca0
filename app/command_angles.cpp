// moescope angles: principal angles and every Grassmann distance between the column spaces of two matrices.

#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/json_output.h"
#include "app/options.h"
#include "core/data/npy.h"
#include "core/geometry/grassmann.h"

namespace moescope {
namespace {

struct AnglesOptions {
  std::string first, second;
  double tolerance = 1e-6;
  bool json = false;
};

struct Subspace {
  std::string file;
  Eigen::Index dimension = 0, columns = 0;
  Eigen::MatrixXd basis;
};

struct NamedDistance {
  const char *name, *unit, *formula;
  double GrassmannDistances::* value;
};

constexpr NamedDistance kDistances[] = {
    {"geodesic", "rad", "sqrt(sum theta^2)", &GrassmannDistances::geodesic},
    {"chordal", "", "sqrt(sum sin^2 theta)", &GrassmannDistances::chordal},
    {"projection", "", "sin of the largest theta", &GrassmannDistances::projection},
    {"procrustes", "", "2 sqrt(sum sin^2(theta/2))", &GrassmannDistances::procrustes},
    {"spectral", "", "2 sin of half the largest theta", &GrassmannDistances::spectral},
    {"fubini_study", "rad", "arccos(product of cos theta)", &GrassmannDistances::fubiniStudy},
    {"binet_cauchy", "", "sqrt(1 - product of cos^2 theta)", &GrassmannDistances::binetCauchy},
    {"asimov", "rad", "the largest theta", &GrassmannDistances::asimov},
    {"martin", "", "sqrt(-2 sum log cos theta); infinite at a right angle", &GrassmannDistances::martin},
    {"overlap", "", "mean of cos^2 theta: a similarity, 1 = nested", &GrassmannDistances::overlap},
};

Subspace readSubspace(const std::string& file, double tolerance) {
  const Eigen::MatrixXd matrix = readNpy(file);
  try {
    return {file, matrix.rows(), matrix.cols(), orthonormalBasis(matrix, tolerance)};
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(file + ": " + error.what());
  }
}

nlohmann::json subspaceJson(const Subspace& subspace) {
  return {
      {"file", subspace.file}, {"dimension", subspace.dimension}, {"columns", subspace.columns}, {"rank", subspace.basis.cols()}};
}

void printJson(const Subspace& first, const Subspace& second, const Eigen::VectorXd& angles,
               const GrassmannDistances& distances) {
  const Eigen::VectorXd degrees = angles * (180.0 / std::numbers::pi);
  nlohmann::json report = {{"first", subspaceJson(first)},
                           {"second", subspaceJson(second)},
                           {"angles_radians", std::vector<double>(angles.begin(), angles.end())},
                           {"angles_degrees", std::vector<double>(degrees.begin(), degrees.end())}};
  for (const NamedDistance& distance : kDistances)
    report["distances"][distance.name] = {
        {"value", distances.*distance.value}, {"unit", distance.unit}, {"formula", distance.formula}};
  printReport(report);
}

void printTable(const Subspace& first, const Subspace& second, const Eigen::VectorXd& angles,
                const GrassmannDistances& distances) {
  for (const Subspace* subspace : {&first, &second}) {
    std::cout << subspace->file << ": rank " << subspace->basis.cols() << " of " << subspace->columns << " columns in dimension "
              << subspace->dimension << '\n';
  }
  std::printf("\n%-14s %18s %14s\n", "angle", "radians", "degrees");
  for (Eigen::Index i = 0; i < angles.size(); ++i)
    std::printf("theta %-8d %18.14f %14.9f\n", static_cast<int>(i) + 1, angles[i], angles[i] * 180.0 / std::numbers::pi);
  std::printf("\n%-14s %18s %-4s %s\n", "distance", "value", "unit", "formula");
  for (const NamedDistance& distance : kDistances)
    std::printf("%-14s %18.14f %-4s %s\n", distance.name, distances.*distance.value, distance.unit, distance.formula);
}

void printAngles(const AnglesOptions& options) {
  const Subspace first = readSubspace(options.first, options.tolerance), second = readSubspace(options.second, options.tolerance);
  if (first.dimension != second.dimension)
    throw std::runtime_error(second.file + ": " + std::to_string(second.dimension) + " rows, expected " +
                             std::to_string(first.dimension) + " as in " + first.file);
  const Eigen::VectorXd angles = principalAngles(first.basis, second.basis);
  (options.json ? printJson : printTable)(first, second, angles, grassmannDistances(angles));
}

}  // namespace

void addAnglesCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand("angles", "Principal angles and Grassmann distances between two column spaces");
  auto options = std::make_shared<AnglesOptions>();
  command->add_option("first", options->first, "Matrix A.npy (dimension x vectors; float16, float32 or float64)")->required();
  command->add_option("second", options->second, "Matrix B.npy, with as many rows")->required();
  command
      ->add_option("--tolerance", options->tolerance,
                   "Singular values below this share of the largest count as zero (a ratio) [1e-6]")
      ->check(rangeFrom(0.0, 1.0));
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options] { printAngles(*options); });
}

}  // namespace moescope
