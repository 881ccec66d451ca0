// moescope bingham: the log normaliser of a vector Bingham distribution, its gradient, and an independent estimate.

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "app/commands.h"
#include "app/json_output.h"
#include "app/options.h"
#include "app/report_json.h"
#include "core/geometry/bingham.h"

namespace moescope {
namespace {

struct BinghamOptions {
  std::string eigenvalues;
  std::vector<double> spectrum;
  int dimension = 0;
  bool json = false;
};

/// "1,2.5": every one a finite number. Throws CLI::ValidationError.
std::vector<double> spectrumOf(const std::string& text) {
  std::vector<double> spectrum;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    const std::string word = text.substr(at, comma - at);
    double value = 0.0;
    if (!CLI::detail::lexical_cast(word, value) || !std::isfinite(value))
      throw CLI::ValidationError("--spectrum",
                                 "expected finite numbers with a comma between each two, found '" + word + "' in '" + text + "'");
    spectrum.push_back(value);
    at = comma + 1;
  }
  return spectrum;
}

void printBingham(const BinghamOptions& options) {
  const Eigen::VectorXd spectrum = Eigen::Map<const Eigen::VectorXd>(options.spectrum.data(), options.spectrum.size());
  const BinghamNormaliser exact = binghamNormaliser(spectrum, options.dimension);
  const double saddlepoint = binghamSaddlepoint(spectrum, options.dimension),
               error = binghamErrorEstimate(spectrum, options.dimension);
  const std::vector<double> gradient(exact.gradient.begin(), exact.gradient.end());
  if (options.json) {
    const nlohmann::json report = {
        {"log_normaliser", exact.logValue},
        {"gradient", gradient},
        {"gradient_of_zero_eigenvalue", exact.gradientOfZero},
        {"method", "positive power series"},
        {"terms", exact.terms},
        {"relative_error_estimate", number(error)},
        {"relative_error_estimate_by", "the same series with all eigenvalues shifted, largest of three differences"},
        {"saddlepoint", saddlepoint},
        {"saddlepoint_difference", saddlepoint - exact.logValue}};
    printReport(report);
    return;
  }
  std::cout << std::setprecision(16) << "log normaliser   " << exact.logValue << "   (nats; positive power series, "
            << exact.terms << " terms";
  if (std::isfinite(error))
    std::cout << std::setprecision(2) << "; the same with shifted eigenvalues differs by " << error << " of it";
  std::cout << std::setprecision(16) << ")\n";
  std::cout << "gradient        ";
  for (double g : gradient) std::cout << ' ' << g;
  std::cout << "   (expected squared coordinate along each axis)\n";
  if (static_cast<int>(gradient.size()) < options.dimension)
    std::cout << "zero eigenvalue  " << exact.gradientOfZero << "   (each of " << options.dimension - gradient.size() << ")\n";
  std::cout << std::setprecision(6) << "saddlepoint      " << saddlepoint << "   (second order; off by "
            << saddlepoint - exact.logValue << ")\n";
}

}  // namespace

void addBinghamCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand("bingham", "Log normaliser of a vector Bingham distribution");
  auto options = std::make_shared<BinghamOptions>();
  command->add_option("--spectrum", options->eigenvalues, "Eigenvalues, separated by commas; the rest are zero")
      ->required()
      ->type_name("NUMBERS");
  command->add_option("--dimension", options->dimension, "Dimension p of the space that the unit vectors live in")
      ->required()
      ->check(wholeFrom(1, 100000));
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options] {
    options->spectrum = spectrumOf(options->eigenvalues);
    try {
      printBingham(*options);
    } catch (const std::invalid_argument& error) {  // numbers that are each a number and do not fit together
      throw CLI::ValidationError("--spectrum", error.what());
    }
  });
}

}  // namespace moescope
