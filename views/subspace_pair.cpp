// Two experts' subspaces in 3-D, their principal vectors joined, beside the pair's angles and distances.

#include <vtkCamera.h>
#include <vtkProperty.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <stdexcept>
#include <utility>

#include "core/geometry/grassmann.h"
#include "core/words/words.h"
#include "views/analysis_view.h"
#include "views/mesh.h"
#include "views/plot.h"
#include "views/principal_fan.h"
#include "views/registry.h"
#include "views/scene_labels.h"

namespace moescope {
namespace {

constexpr double kDistance = 5.2, kReach = 1.30;  // of the camera from the origin; of the middle of the outermost words

struct ShownPair {
  int first = -1, second = -1;
  std::string why;  ///< "picked"
};

/// "₁₂"
std::string subscript(Eigen::Index number) {
  std::string text;
  for (const char digit : std::to_string(number)) text += std::string("\xe2\x82") + static_cast<char>(0x80 + (digit - '0'));
  return text;
}

int rankOf(const ExpertAnalysis& analysis, int expert) {
  return static_cast<int>(analysis.subspaces[static_cast<std::size_t>(expert)].cols());
}

/// The selected pair; of one selected expert the one that overlaps it most; else the two that overlap most. Pairs with more
/// angles come first: of few tokens a subspace is small and lies in others easily. `second` is -1 where the selected have no
/// subspace, and `why` says so.
ShownPair pairOf(const Selection& selection, const ExpertAnalysis& analysis) {
  for (const int e : {selection.expert(), selection.other()})
    if (e >= 0 && std::find(analysis.withSubspace.begin(), analysis.withSubspace.end(), e) == analysis.withSubspace.end())
      return {e, -1, expertLabel(e) + translated(" was given too few tokens to span a subspace: pick another expert")};
  if (selection.isPair()) return {selection.expert(), selection.other(), translated("picked")};
  const auto anglesOfPair = [&](int a, int b) { return std::min(rankOf(analysis, a), rankOf(analysis, b)); };
  ShownPair best;
  std::pair<int, double> most{0, 0.0};
  for (const int a : analysis.withSubspace)
    for (const int b : analysis.withSubspace) {
      if (a == b || (selection.expert() >= 0 ? a != selection.expert() : a > b)) continue;
      const std::pair<int, double> own{anglesOfPair(a, b), analysis.overlap(a, b)};
      if (best.second >= 0 && own <= most) continue;
      most = own;
      best = {a, b, ""};
    }
  best.why = selection.expert() >= 0 ? expertLabel(best.second) + translated(" overlaps it most; Shift-click another")
                                     : translated("largest overlap at this rank; none is picked");
  return best;
}

Eigen::VectorXd anglesOf(const ExpertAnalysis& analysis, const ShownPair& pair) {
  const auto place = [&](int e) {
    return static_cast<int>(std::find(analysis.withSubspace.begin(), analysis.withSubspace.end(), e) -
                            analysis.withSubspace.begin());
  };
  return analysis.angles.of(place(pair.first), place(pair.second));
}

class SubspacePair : public AnalysisView {
 public:
  SubspacePair() : surfaces_(false), rods_(false) {
    surfaces_.actor->GetProperty()->SetLighting(false);
    surfaces_.actor->ForceTranslucentOn();
    rods_.actor->GetProperty()->SetLighting(false);
    for (Mesh* mesh : {&surfaces_, &rods_}) renderer()->AddActor(mesh->actor);
    vtkCamera* camera = renderer()->GetActiveCamera();
    const Eigen::Vector3d from = kDistance * Eigen::Vector3d(0.80, 0.62, 0.42).normalized();
    camera->SetPosition(from.x(), from.y(), from.z());
    camera->SetFocalPoint(0, 0, 0);
    camera->SetViewUp(0, 0, 1);
  }

  bool hasCamera() const override { return true; }

  std::vector<DrawnText> texts() const override {
    std::vector<DrawnText> all = FlatView::texts();
    for (DrawnText& label : labels_.texts()) all.push_back(std::move(label));
    return all;
  }

 protected:
  Pick pickAt(Point pointer) override {
    double nearest = 10.0;
    const Spot* best = nullptr;
    const auto onScreen = canvas().projection();
    for (const Spot& spot : spots_) {
      const Point seen = onScreen(spot.at);
      const double distance = std::hypot(seen.x - pointer.x, seen.y - pointer.y);
      if (distance < nearest) nearest = distance, best = &spot;
    }
    return best ? Pick{shown_.first, -1, -1, best->text, shown_.second} : FlatView::pickAt(pointer);
  }

  std::string title() const override { return translated("Subspace pair"); }

  void draw(const Scene& scene) override {
    AnalysisView::draw(scene);
    surfaces_.done();
    rods_.done();
    labels_.end();
    renderer()->ResetCameraClippingRange();
  }

  void drawAnalysis(const Scene& scene, const ExpertAnalysis& analysis) override {
    if (analysis.withSubspace.size() < 2) return say(caption(scene, ""), tooFew(analysis));
    shown_ = pairOf(scene.selection, analysis);
    if (shown_.second < 0) return say(caption(scene, ""), shown_.why);
    const PrincipalFan fan = principalFan(anglesOf(analysis, shown_));
    const auto names = expertLabel(shown_.first) + ", " + expertLabel(shown_.second);
    const Rect area = caption(
        scene, {names + " (" + shown_.why + translated("): principal vectors at their exact angles; ") + measuredAt(analysis),
                names + ": " + measuredAt(analysis)});
    const double em = canvas().em();
    const bool wide = area.width > 1.15 * area.height && area.width > 34.0 * em;
    const double below = area.height > 34.0 * em   ? 0.40 * area.height
                         : area.height > 19.0 * em ? 7.0 * em
                                                   : 0.0;  // small docks: table or picture only
    const double side = wide ? std::max(0.36 * area.width, std::min(15.0 * em, 0.45 * area.width)) : below;
    const Rect inset =
        wide ? Rect{area.x + area.width - side, area.y, side, area.height} : Rect{area.x, area.y, area.width, side};
    const Rect picture =
        wide ? Rect{area.x, area.y, area.width - side, area.height} : Rect{area.x, area.y + side, area.width, area.height - side};
    const double foot = footnote(picture, analysis, fan);
    placeCamera({picture.x, picture.y + foot, picture.width, std::max(10.0, picture.height - foot)});
    drawFan(fan);
    if (side > 0.0) numbers(inset, analysis, fan);
  }

 private:
  struct Spot {
    Eigen::Vector3d at;
    std::string text;
  };

  void clearScene() override {
    for (Mesh* mesh : {&surfaces_, &rods_}) {
      mesh->clear();
      mesh->done();
    }
    spots_.clear();
    labels_.begin();
    labels_.end();
    shown_ = {};
  }

  std::string ranks(const ExpertAnalysis& analysis) const {
    const int first = rankOf(analysis, shown_.first), second = rankOf(analysis, shown_.second);
    return first == second ? std::to_string(first) : std::to_string(first) + translated(" and ") + std::to_string(second);
  }

  /// What of the picture is exact, in full or, for a small dock, in brief.
  std::string exactness(const ExpertAnalysis& analysis, const PrincipalFan& fan, bool brief) const {
    const auto rank = fan.angles.size();
    const std::string ends = "u" + subscript(1) + (brief ? ", u" : translated(" and u")) + subscript(rank);
    const double drawn = fan.drawnRightAngle * kDegrees;
    if (brief)
      return translated("Exact: angles of u\xe1\xb5\xa2, v\xe1\xb5\xa2") +
             (rank > 1 ? translated("; not ") + ends + formatted(": %.0f\xc2\xb0 for 90\xc2\xb0", drawn) : std::string());
    std::string words = translated("Exact: every angle between u\xe1\xb5\xa2 and v\xe1\xb5\xa2, each in the span of the two. ");
    if (rank > 1)
      words += translated("These spans are orthogonal in R^d but share the vertical here: ") + ends +
               formatted(" stand at %.0f\xc2\xb0, not 90\xc2\xb0. ", drawn);
    return words + (rank > 1 ? translated("Discs: 2") : translated("Lines: 1")) + translated(" of ") +
           std::to_string(rankOf(analysis, shown_.first)) + translated(" dimensions of ") + expertLabel(shown_.first) +
           translated(", of ") + std::to_string(rankOf(analysis, shown_.second)) + translated(" of ") +
           expertLabel(shown_.second) + ".";
  }

  /// Draws that at the picture's foot; returns the height that it takes.
  double footnote(const Rect& picture, const ExpertAnalysis& analysis, const PrincipalFan& fan) {
    const double em = canvas().em(), size = 0.78, pitch = lineStep(size);
    if (picture.height < 8.0 * em) return 0.0;
    const bool brief = picture.height < 16.0 * em;
    const std::vector<std::string> lines = wrapped(exactness(analysis, fan, brief), 0.9 * picture.width, size, brief ? 2 : 5);
    double y = picture.y + 0.2 * em + pitch * static_cast<double>(lines.size());
    for (const std::string& line : lines) {
      canvas().text({picture.x, y}, line, {mutedColor(theme()), size, Align::Left, VerticalAlign::Top});
      y -= pitch;
    }
    return pitch * static_cast<double>(lines.size()) + 0.5 * em;
  }

  /// The origin in the middle of the picture, and room for kReach around it; where the user has turned the camera stays.
  void placeCamera(const Rect& picture) {
    centreScene(picture);
    const double words = 3.6 * canvas().em();  // their width
    const double room =
        std::max(20.0, std::min(picture.width - words, 1.25 * picture.height));  // the discs lie flat: less high than wide
    renderer()->GetActiveCamera()->SetViewAngle(
        std::min(120.0, 2.0 * kDegrees * std::atan(kReach / kDistance * canvas().height() / room)));
  }

  void drawFan(const PrincipalFan& fan) {
    const int sameColour =
        (shown_.second - shown_.first) % static_cast<int>(kSafeColors) == 0 ? 1 : 0;  // then the second gets the next one
    const Color first = expertColor(shown_.first, theme()), second = expertColor(shown_.second + sameColour, theme());
    labels_.add(1.12 * beside(fan.first, 1.0), expertLabel(shown_.first), inkOf(first, theme()), 1.15 * canvas().em());
    labels_.add(1.12 * beside(fan.second, -1.0), expertLabel(shown_.second), inkOf(second, theme()), 1.15 * canvas().em());
    const Eigen::Index last = fan.angles.size() - 1;
    std::vector<Eigen::Index> order = {0};
    if (last > 0) order.push_back(last);
    for (Eigen::Index i = 1; i < last; ++i) order.push_back(i);
    for (const Eigen::Index i : order) principalPair(fan, i, i == 0 || i == last, first, second);
    subspace(rimOf(fan.first, 96), first, false,
             expertLabel(shown_.first));  // after the pairs: where they meet, the angle is told
    subspace(rimOf(fan.second, 96), second, true, expertLabel(shown_.second));
  }

  /// A place on the rim away from the principal vectors: beyond the last one for a side of 1, beyond the first for -1.
  static Eigen::Vector3d beside(const Eigen::Matrix3Xd& vectors, double side) {
    const Eigen::Vector3d first = vectors.col(0), last = vectors.col(vectors.cols() - 1);
    return vectors.cols() == 1 ? Eigen::Vector3d(-first) : Eigen::Vector3d(side * (last - first) / std::sqrt(2.0));
  }

  /// A disc with its rim, dashed for the second expert; a line for rank 1.
  void subspace(const std::vector<Eigen::Vector3d>& rim, const Color& color, bool dashed, const std::string& name) {
    if (rim.size() > 2) addFan(surfaces_, Eigen::Vector3d::Zero(), rim, color, 0.30);
    for (std::size_t i = 1; i < rim.size(); ++i)
      if (!dashed || rim.size() == 2 || i / 3 % 2 == 0) addTube(rods_, rim[i - 1], rim[i], 0.008, 0.008, color, 1.0);
    for (std::size_t i = 0; i < rim.size(); i += 8)
      spots_.push_back(
          {rim[i], name + (rim.size() > 2 ? translated(": unit circle of the span of its first and last principal vector")
                                          : translated(": its line"))});
  }

  void principalPair(const PrincipalFan& fan, Eigen::Index i, bool outer, const Color& first, const Color& second) {
    const std::string number = subscript(i + 1), degrees = formatted("%.1f\xc2\xb0", fan.angles[i] * kDegrees);
    const double em = canvas().em(), opacity = outer ? 1.0 : 0.65;
    const Eigen::Vector3d u = fan.first.col(i), v = fan.second.col(i), b = fan.middle.col(i), lift(0.0, 0.0, 0.09);
    addArrow(rods_, Eigen::Vector3d::Zero(), u, outer ? 0.012 : 0.006, first, opacity);
    addArrow(rods_, Eigen::Vector3d::Zero(), v, outer ? 0.012 : 0.006, second, opacity);
    const std::vector<Eigen::Vector3d> arc = fan.arc(i, 24);
    addPath(rods_, arc, outer ? 0.010 : 0.006, textColor(theme()), opacity);
    addFan(surfaces_, Eigen::Vector3d::Zero(), arc, textColor(theme()), outer ? 0.16 : 0.06);
    labels_.add(1.28 * b, degrees, textColor(theme()), em);
    if (outer) {
      labels_.add(1.06 * u + lift, "u" + number, inkOf(first, theme()), em);
      labels_.add(1.06 * v - lift, "v" + number, inkOf(second, theme()), em);
    }
    const std::string pair = expertLabel(shown_.first) + ", " + expertLabel(shown_.second) +
                             formatted(": principal angle %.0f", static_cast<double>(i) + 1.0) + translated(" is ") + degrees;
    for (const Eigen::Vector3d& at : {u, v, b}) spots_.push_back({at, pair});
  }

  /// Spectrum and distances, beside what random subspaces give.
  void numbers(const Rect& inset, const ExpertAnalysis& analysis, const PrincipalFan& fan) {
    const int rank = rankOf(analysis, shown_.first);
    const RandomAngles* random = rank == rankOf(analysis, shown_.second) ? &randomAngles(analysis, rank) : nullptr;
    canvas().rect({inset.x - 0.5 * canvas().em(), inset.y, inset.width + 0.5 * canvas().em(), inset.height},
                  backgroundColor(theme()), 0.75);
    const double used = distances(inset, fan, random);
    const Rect rest{inset.x, inset.y, inset.width, inset.height - used};
    if (rest.height > 6.0 * canvas().em()) spectrum(rest, fan, random);
  }

  /// A table of three rows; returns its height.
  double distances(const Rect& inset, const PrincipalFan& fan, const RandomAngles* random) {
    const GrassmannDistances own = grassmannDistances(fan.angles);
    const double em = canvas().em(),
                 size = std::min(0.82,
                                 0.82 * inset.width / canvas().textWidth("geodesic, rad  0.000000  0.000 (0.000-0.000)", 0.82)),
                 pitch = lineStep(size, 1.45);
    const double value = inset.x + canvas().textWidth("geodesic, rad  0.000", size, true),
                 chance = value + canvas().textWidth("00", size);
    double y = inset.y + inset.height - 0.7 * size * em;
    const auto row = [&](const std::string& name, const std::string& mine, const std::string& other, const Color& colour,
                         bool bold) {
      canvas().text({inset.x, y}, name, {mutedColor(theme()), size});
      canvas().text({value, y}, mine, {textColor(theme()), size, Align::Right, VerticalAlign::Middle, bold});
      canvas().text({chance, y}, {other, other.substr(0, other.find(" ("))}, {colour, size});
      y -= pitch;
    };
    const Color vermilion = mix(kRandomColor, textColor(theme()), 0.35);
    row("", expertLabel(shown_.first) + ", " + expertLabel(shown_.second),
        random ? translated("random (5\xe2\x80\x93"
                            "95 %)")
               : translated("random: ranks differ"),
        vermilion, true);
    const auto measure = [&](const std::string& name, double mine, RandomRange RandomAngles::*range) {
      const RandomRange of = random ? random->*range : RandomRange{};
      row(name, formatted("%.3f", mine),
          random ? formatted("%.3f", of.mean) + formatted(" (%.3f", of.low) + formatted("\xe2\x80\x93%.3f)", of.high) : "",
          vermilion, true);
    };
    measure(translated("geodesic, rad"), own.geodesic, &RandomAngles::geodesic);
    measure(translated("chordal"), own.chordal, &RandomAngles::chordal);
    measure(translated("mean cos\xc2\xb2"), own.overlap, &RandomAngles::overlap);
    hit(Rect{inset.x, y, inset.width, inset.y + inset.height - y},
        {shown_.first, -1, -1,
         translated("geodesic: root of the sum of squared angles; chordal: root of the sum of sin\xc2\xb2, at most ") +
             formatted("%.2f", std::sqrt(static_cast<double>(fan.angles.size()))),
         shown_.second});
    return inset.y + inset.height - y + 0.2 * em;
  }

  void spectrum(const Rect& area, const PrincipalFan& fan, const RandomAngles* random) {
    const auto rank = fan.angles.size();
    Plot plot(canvas(), area, {0.6, static_cast<double>(rank) + 0.4, translated("principal angle number"), false, false},
              {0.0, 100.0, translated("degrees")});
    angleNumbers(plot, static_cast<int>(rank));
    if (random) randomBand(plot, *random);
    std::vector<double> xs, ys;
    for (Eigen::Index i = 0; i < rank; ++i) {
      xs.push_back(static_cast<double>(i) + 1.0);
      ys.push_back(fan.angles[i] * kDegrees);
    }
    plot.line(xs, ys, accentColor(theme()), 3.0);
    const double em = canvas().em();
    const bool words = plot.inner().width / static_cast<double>(rank) > canvas().textWidth("00.0 ", 0.76);
    for (std::size_t i = 0; i < xs.size(); ++i) {
      const Point at = plot.at(xs[i], ys[i]);
      canvas().disc(at, 0.24 * em, accentColor(theme()));
      if (words) {
        const bool below = ys[i] > 80.0;
        const Point place{at.x, at.y + (below ? -0.4 : 0.4) * em};
        const TextStyle style{textColor(theme()), 0.76, Align::Centre, below ? VerticalAlign::Top : VerticalAlign::Bottom};
        if (const Rect box = canvas().placeOf(place, formatted("%.1f", ys[i]), style); box.width > 0.0)
          canvas().rect(box, backgroundColor(theme()), 0.75);  // on the line
        canvas().text(place, formatted("%.1f", ys[i]), style);
      }
      hit(at, 6.0,
          {shown_.first, -1, -1,
           expertLabel(shown_.first) + ", " + expertLabel(shown_.second) + formatted(": principal angle %.0f", xs[i]) +
               formatted(" is %.1f degrees", ys[i]),
           shown_.second});
    }
  }

  Mesh surfaces_, rods_;
  SceneLabels labels_{renderer(), canvas()};
  ShownPair shown_;
  std::vector<Spot> spots_;
};

std::string pairInWords(const Scene& scene) {
  if (!scene.analysis) return translated("not measured yet");
  const ExpertAnalysis& analysis = *scene.analysis;
  return translated("U(a)' U(b) = W diag(cos \xce\xb8) Z': u(i) = U(a) w(i), v(i) = U(b) z(i) are the principal vectors\nU: ") +
         (analysis.weightSubspaces ? translated("top right singular vectors of W_gate")
                                   : translated("principal subspaces of routed tokens")) +
         translated(", rank up to ") + std::to_string(analysis.settings.rank) + translated(" of d ") +
         std::to_string(analysis.width);
}

/// The pair's principal angles and distances, beside what random subspaces give where both have one rank.
DataTable numbersOf(const Scene& scene) {
  const ExpertAnalysis& analysis = shownAnalysis(scene);
  if (analysis.withSubspace.size() < 2) throw std::runtime_error(tooFew(analysis));
  const ShownPair pair = pairOf(scene.selection, analysis);
  if (pair.second < 0) throw std::runtime_error(pair.why);
  const Eigen::VectorXd angles = anglesOf(analysis, pair);
  const GrassmannDistances own = grassmannDistances(angles);
  std::optional<RandomAngles> random;
  if (rankOf(analysis, pair.first) == rankOf(analysis, pair.second))
    random = simulateRandomAngles(analysis.width, rankOf(analysis, pair.first));
  DataTable table{
      {{"measure", ""}, {"unit", ""}, {"value", ""}, {"random_mean", ""}, {"random_5_percent", ""}, {"random_95_percent", ""}},
      {}};
  const auto row = [&](const std::string& name, const std::string& unit, double value, const RandomRange& range) {
    table.add({name, unit, value, random ? Cell(range.mean) : Cell(), random ? Cell(range.low) : Cell(),
               random ? Cell(range.high) : Cell()});
  };
  constexpr double degrees = 180.0 / std::numbers::pi;
  for (Eigen::Index i = 0; i < angles.size(); ++i)
    row("principal angle " + std::to_string(i + 1), "degrees", angles[i] * degrees,
        random ? RandomRange{random->mean[i] * degrees, random->low[i] * degrees, random->high[i] * degrees} : RandomRange{});
  row("geodesic distance", "radians", own.geodesic, random ? random->geodesic : RandomRange{});
  row("chordal distance", "", own.chordal, random ? random->chordal : RandomRange{});
  row("mean cos²", "", own.overlap, random ? random->overlap : RandomRange{});
  table.about = aboutAnalysis(scene);
  table.about.emplace_back("expert", pair.first);
  table.about.emplace_back("other", pair.second);
  return table;
}

}  // namespace

ViewDeclaration declareSubspacePair() {
  return {
      "subspace_pair",
      "Subspace pair",
      "Two experts' subspaces in 3-D: each pair of principal vectors is drawn at its exact angle; planes that are orthogonal in R^d "
      "share the vertical axis. Click a pair in a matrix, or an expert and Shift-click another; drag to turn",
      [] { return std::make_unique<SubspacePair>(); },
      numbersOf,
      "Experts",
      {},
      {},
      {"Two experts' subspaces in 3-D. Each pair of principal vectors is drawn at its exact angle; planes that are orthogonal in R^d share the vertical axis. Click a pair in a matrix, or an expert and Shift-click another; drag to turn.",
       pairInWords, "Closed fans: directions that both experts share. Fans at right angles: nothing in common."}};
}

}  // namespace moescope
