// Every probe token at the gate-weighted mean of the experts' corners of a regular polygon.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/words/words.h"
#include "views/flat_view.h"
#include "views/name_places.h"
#include "views/polygon_corners.h"
#include "views/registry.h"
#include "views/token_cloud.h"
#include "views/token_colours.h"

namespace moescope {
namespace {

constexpr double kLoadRoom = 10.5, kNameRoom = 5.4;  // em: beside the polygon, for "E3  12 %" and for "E3" on both sides
constexpr double kCaption = 0.85, kManyNames = 0.8;  // em: of the caption, and of the names of more than 16 experts
constexpr std::size_t kMostLines = 4;
constexpr double kInSight = 0.75, kFaint = 0.08;     // opacity of a token
constexpr double kEdge = 3.5;                        // em: above and below it together, for discs and names

class ScorePolygon : public FlatView {
 public:
  ScorePolygon() { canvas().between(cloud_); }

 protected:
  std::string title() const override { return translated("Score polygon"); }

  void clearScene() override {
    cloud_->clear();
    scene_ = {};
  }

  void draw(const Scene& scene) override {
    const int unserved = scene.routing->unserved;
    const TokenColours colours(scene, "score_polygon", theme());
    unit_ = polygonCorners(scene);
    Rect area = pictureBeside(
        scene,
        translated("each dot: a token, near the experts that get it; ") + colours.words() +
            (unit_.words.empty() ? "" : "; " + unit_.words) +
            (unserved > 0 ? translated("; without expert and not drawn: ") + std::to_string(unserved) : ""),
        unserved > 0 ? std::to_string(unserved) + translated(" tokens not drawn") : translated("each dot: a token"));
    if (colours.byDomain()) area = legend(scene, colours, area);
    const double em = canvas().em();
    centre_ = {area.x + area.width / 2, area.y + area.height / 2};
    loads_ = unit_.round && scene.routing->gates.cols() <= 16 && area.width - kLoadRoom * em > 0.7 * (area.height - kEdge * em);
    radius_ = std::max(10.0, std::min(area.width - (loads_ ? kLoadRoom : kNameRoom) * em, area.height - kEdge * em) / 2);
    scene_ = scene;
    outline();
    rankTokens(scene);
    tokens(scene, colours);
    corners(scene, colours.byDomain());
    ownText(scene);  // after the experts' names, which its letters would else keep out
  }

 private:
  /// What is left for the polygon beside the caption. Of few experts no name stands near the upper left corner: there the caption
  /// takes nothing from the picture's height, a clause a line. Else, or where it has no room there, it stands above the picture.
  Rect pictureBeside(const Scene& scene, const std::string& words, const std::string& brief) {
    const double em = canvas().em(), room = canvas().width() / 2 - 6.0 * em;
    const bool byDomain = TokenColours(scene, "score_polygon", theme()).byDomain();
    if (byDomain || theme().titles || scene.routing->gates.cols() > 8 || canvas().height() < 20 * em || room < 9 * em)
      return caption(scene, {words, brief});
    std::vector<std::string> lines;
    for (std::size_t start = 0, end = 0; end != std::string::npos; start = end + 2) {
      end = words.find("; ", start);
      for (std::string& line :
           wrapped(words.substr(start, end == std::string::npos ? end : end - start), room, kCaption, kMostLines + 1))
        lines.push_back(std::move(line));
    }
    if (lines.size() > kMostLines) return caption(scene, {words, brief});
    Rect area = caption(scene, "");
    double y = canvas().height() - 0.5 * em;
    for (const std::string& line : lines) {
      canvas().text({area.x, y}, line, {mutedColor(theme()), kCaption, Align::Left, VerticalAlign::Top});
      y -= 1.25 * em;
    }
    const Probe& probe =
        *scene.snapshot
             ->probe;  // the mark of synthetic tokens stands at the right of the foot, how many are drawn reaches its middle
    const bool clear =
        tokensDrawn(scene).empty() &&
        (!probe.synthetic || canvas().textWidth(translated(probe.syntheticMark), 0.8, true) < canvas().width() / 2 - 4.0 * em);
    const double foot = clear ? 0.5 * em : area.y;
    return {area.x, foot, area.width, canvas().height() - 0.3 * em - foot};
  }

  Point corner(int expert, double reach = 1.0) const {
    const Point& at = unit_.places[static_cast<std::size_t>(expert)];
    return {centre_.x + reach * radius_ * at.x, centre_.y + reach * radius_ * at.y};
  }

  void outline() {
    const std::vector<int>& order = unit_.order;
    for (std::size_t i = 0; i < order.size(); ++i) {
      canvas().line(corner(order[i]), corner(order[(i + 1) % order.size()]), gridColor(theme()), 1.5);
      canvas().line(centre_, corner(order[i]), gridColor(theme()), 1.0, 0.6);
    }
  }

  double tokenSize() const { return std::clamp(radius_ / 75.0, 1.8, 5.0); }

  /// Radius of a corner's disc, whose area goes by the expert's load.
  double discOf(const Scene& scene, int expert) const {
    const double experts = static_cast<double>(scene.routing->gates.cols()),
                 share = scene.routing->applied.load[expert] * experts;
    const double even = std::clamp(10.0 * 16 / std::max(16.0, experts), 4.0, 0.5 * canvas().em());
    return even * (std::isfinite(share) ? std::clamp(std::sqrt(share), 0.4, 1.5) : 1.0);
  }

  /// Of each token its leading expert, -1 where none works on it, and its number among the tokens that this expert leads.
  void rankTokens(const Scene& scene) {
    const RowMatrix& gates = scene.routing->gates;
    const int experts = static_cast<int>(gates.cols());
    corners_.clear();
    for (int e = 0; e < experts; ++e) corners_.push_back(corner(e));
    std::vector<int> led(static_cast<std::size_t>(experts), 0);
    ranks_.assign(static_cast<std::size_t>(gates.rows()), {});
    for (Eigen::Index t = 0; t < gates.rows(); ++t) {
      Eigen::Index leader = 0;
      if (!(gates.row(t).maxCoeff(&leader) > 0.0f)) continue;
      ranks_[static_cast<std::size_t>(t)] = {static_cast<int>(leader), led[static_cast<std::size_t>(leader)]++};
    }
  }

  /// Where a token is drawn; not a number where no expert works on it. Tokens that come to lie on a corner fan out around it on
  /// the side of the centre, each in a place of its own among those that the expert leads: a concentration moves none of them
  /// there.
  Point placeOf(const Scene& scene, Eigen::Index token) const {
    const Rank& rank = ranks_[static_cast<std::size_t>(token)];
    const auto gates = scene.routing->gates.row(token);
    const double sum = gates.sum();  // as trained they need not be 1
    if (rank.leader < 0 || !(sum > 0.0)) return {NAN, NAN};
    Point at{0.0, 0.0};
    for (Eigen::Index e = 0; e < gates.size(); ++e) {
      at.x += gates[e] / sum * corners_[static_cast<std::size_t>(e)].x;
      at.y += gates[e] / sum * corners_[static_cast<std::size_t>(e)].y;
    }
    return fannedOut(at, corners_[static_cast<std::size_t>(rank.leader)], discOf(scene, rank.leader), rank.number);
  }

  Point fannedOut(Point at, Point corner, double disc, int number) const {
    constexpr double sector = 3.8, golden = 0.6180339887498949;  // radians; the golden ratio spreads any count evenly
    const double size = tokenSize(), reach = disc + 2.0 * size;
    const double near = 1.0 - std::hypot(at.x - corner.x, at.y - corner.y) / reach;  // 1: on the corner
    if (near <= 0.0) return at;
    const double turn = number * golden - std::floor(number * golden) - 0.5,
                 inwards = std::atan2(centre_.y - corner.y, centre_.x - corner.x);
    const double angle = inwards + sector * turn,
                 radius = std::sqrt((disc + size) * (disc + size) + 2.0 * number * 4.0 * size * size / sector);
    return {at.x + near * (corner.x + radius * std::cos(angle) - at.x),
            at.y + near * (corner.y + radius * std::sin(angle) - at.y)};
  }

  void tokens(const Scene& scene, const TokenColours& colours) {
    hitLater([this] {
      for (Eigen::Index t = 0; t < static_cast<Eigen::Index>(ranks_.size()); ++t)
        if (const Point at = placeOf(scene_, t); std::isfinite(at.x))
          hit(at, tokenSize() + 1.0, {-1, static_cast<int>(t), -1, {}});
    });
    if (theme().plainClouds || canvas().records() || cloud_->drawsNoneIn(renderer()->GetRenderWindow())) {
      cloud_->clear();
      plainTokens(colours);
    } else {
      cloud_->show(cloudOf(scene, colours),
                   [this] { canvas().drawBetween([this] { plainTokens(TokenColours(scene_, "score_polygon", theme())); }); });
    }
    canvas().next();
    const Selection& selection = scene.selection;
    if (selection.tokens.size() == 1 && selection.token() < static_cast<int>(ranks_.size()))
      if (const Point at = placeOf(scene, selection.token()); std::isfinite(at.x))
        canvas().ring(at, tokenSize() + 5.0, accentColor(theme()), 2.5);
  }

  void plainTokens(const TokenColours& colours) {
    const std::vector<bool> inSight = tokensInSight(scene_);
    for (Eigen::Index t = 0; t < static_cast<Eigen::Index>(ranks_.size()); ++t)
      if (const Point at = placeOf(scene_, t); std::isfinite(at.x))
        canvas().mark(at, tokenSize(), colours.markOf(t), colours.of(t),
                      inSight[static_cast<std::size_t>(t)] ? kInSight : kFaint);
  }

  CloudPicture cloudOf(const Scene& scene, const TokenColours& colours) const {
    CloudPicture picture = cloudPictureOf(scene, colours);
    const int experts = static_cast<int>(corners_.size());
    for (int e = 0; e < experts; ++e) {
      const Point& place = unit_.places[static_cast<std::size_t>(e)];
      picture.experts[static_cast<std::size_t>(e)][0] = static_cast<float>(place.x);
      picture.experts[static_cast<std::size_t>(e)][1] = static_cast<float>(place.y);
      picture.discs.push_back(static_cast<float>(discOf(scene, e)));
    }
    for (std::size_t t = 0; t < ranks_.size(); ++t) {
      picture.tokens[t].leader = static_cast<float>(ranks_[t].leader);
      picture.tokens[t].number = static_cast<float>(ranks_[t].number);
    }
    picture.centre = centre_;
    picture.radius = radius_;
    picture.size = tokenSize();
    picture.ratio = canvas().ratio();
    picture.opacity = {kInSight, kFaint};
    return picture;
  }

  /// The text that somebody typed: a ring for each byte, with its letter where there is room.
  void ownText(const Scene& scene) {
    if (!scene.prompt || !scene.prompt->snapshot || !scene.promptRouting ||
        scene.promptRouting->gates.cols() != scene.routing->gates.cols())
      return;
    const RowMatrix& gates = scene.promptRouting->gates;
    const std::vector<std::uint8_t>& bytes = scene.prompt->snapshot->probe->bytes;
    const double size = std::clamp(radius_ / 60.0, 2.5, 6.0);
    for (Eigen::Index t = 0; t < gates.rows(); ++t) {
      const float sum = gates.row(t).sum();
      if (!(sum > 0.0f)) continue;
      Point at{0.0, 0.0};
      for (Eigen::Index e = 0; e < gates.cols(); ++e) {
        const Point there = corner(static_cast<int>(e));
        at.x += gates(t, e) / sum * there.x;
        at.y += gates(t, e) / sum * there.y;
      }
      const int byte = bytes[static_cast<std::size_t>(t)];
      const std::string letter = byte > 32 && byte < 127 ? std::string(1, static_cast<char>(byte)) : "";
      const bool here = t == scene.promptPlace;
      canvas().ring(at, here ? size + 3.0 : size, here ? accentColor(theme()) : textColor(theme()), here ? 2.5 : 1.5);
      const TextStyle style{textColor(theme()), 0.9, Align::Left, VerticalAlign::Middle, true};
      if (const Rect box = canvas().placeOf({at.x + size + 1.0, at.y}, letter, style); !letter.empty() && box.width > 0.0) {
        canvas().rect(box, backgroundColor(theme()), 0.85);  // on dots of any colour
        canvas().text({at.x + size + 1.0, at.y}, letter, style);
      }
      hit(at, size + 1.0,
          {-1, -1, -1,
           translated("own text, byte ") + std::to_string(t + scene.prompt->first + 1) +
               (letter.empty() ? "" : " \"" + letter + "\"")});
    }
  }

  /// One name in so many has room beside the next one all around, and where it can be each part of the circle as many.
  int nameStride(int experts) const {
    if (experts <= 16) return 1;
    const double em = canvas().em(), wide = canvas().textWidth(expertLabel(experts - 1), kManyNames, true) + 0.5 * em;
    const int least = std::max(1, static_cast<int>(std::ceil(wide * experts / (2 * std::numbers::pi * (radius_ + 0.45 * em)))));
    for (int stride = least; stride < 2 * least; ++stride)
      if (experts % stride == 0) return stride;
    return least;
  }

  bool isNamed(const Selection& selection, int e) const {
    const std::vector<int>& order = unit_.order;
    const auto place = static_cast<std::size_t>(std::find(order.begin(), order.end(), e) - order.begin());
    return namedOnAxis(selection, order, place, nameStride(static_cast<int>(order.size())));
  }

  void corners(const Scene& scene, bool plain) {
    const int experts = static_cast<int>(scene.routing->gates.cols());
    for (const bool selected : {true, false})  // what is selected gets its name first
      for (int e = 0; e < experts; ++e)
        if (scene.selection.hasExpert(e) == selected) cornerOf(scene, e, plain, selected);
  }

  /// `plain`: colours are the domains'.
  void cornerOf(const Scene& scene, int e, bool plain, bool selected) {
    const int experts = static_cast<int>(scene.routing->gates.cols());
    const double em = canvas().em(), dot = discOf(scene, e);
    const Point at = corner(e);
    canvas().mark(at, selected ? dot + 4 : dot, plain ? Mark::Disc : expertMark(e),
                  plain ? mutedColor(theme()) : expertColor(e, theme()));
    if (selected) canvas().ring(at, dot + 6, accentColor(theme()), 2.5);
    const double share = scene.routing->applied.load[e];
    hit(at, dot + 5, {e, -1, -1, expertLabel(e) + formatted(": load %.1f %% of applied gates", 100 * share)});
    if (!unit_.round) {
      labelAt(at, selected ? dot + 6 : dot, expertLabel(e), experts > 16 ? kManyNames : 0.9, selected, true);
      return;
    }
    if (!isNamed(scene.selection, e)) return;
    const Point label = corner(e, 1.0 + (dot + (selected ? 6.0 : 0.0) + 0.45 * em) / radius_);
    const double across = label.x - centre_.x;
    const Align align = std::abs(across) < 0.12 * radius_ ? Align::Centre : across > 0 ? Align::Left : Align::Right;
    const VerticalAlign vertical = std::abs(across) < 0.12 * radius_
                                       ? (label.y > centre_.y ? VerticalAlign::Bottom : VerticalAlign::Top)
                                       : VerticalAlign::Middle;
    const std::string words = loads_ ? expertLabel(e) + formatted("  %.0f %%", 100 * share) : expertLabel(e);
    const TextStyle style{textColor(theme()), experts > 16 ? kManyNames : 0.9, align, vertical, selected};
    // Where other words stand in its place or run into it, a little below or above its corner: a name is missed more than its
    // exact place.
    for (const double gap : {0.6 * em, 0.0})
      for (const double shift : {0.0, -0.5, -1.0, 0.5, 1.0}) {
        if (shift != 0.0 && experts > 16) break;  // among many corners it would seem another's
        const Point there{label.x, label.y + shift * em};
        const Rect place = canvas().placeOf(there, words, style);
        const Rect before{place.x - gap, place.y, gap, place.height}, after{place.x + place.width, place.y, gap, place.height};
        if (!(place.width > 0.0) || (gap > 0.0 && (meetsWords(before) || meetsWords(after)))) continue;
        canvas().rect(place, backgroundColor(theme()), 0.7);  // on tokens, too
        canvas().text(there, words, style);
        return;
      }
  }

  bool meetsWords(const Rect& box) const {
    const std::vector<DrawnText>& all = canvas().texts();
    return std::any_of(all.begin(), all.end(), [&](const DrawnText& text) { return text.box.meets(box); });
  }

  /// Names of the domains where they leave more room for the polygon; returns that.
  Rect legend(const Scene& scene, const TokenColours& colours, const Rect& area) {
    const DomainGroups& groups = colours.groups();
    const double em = canvas().em();
    const NamePlaces chosen = placesOfNames(canvas(), groups.names, area, {kNameRoom * em, kEdge * em});
    for (std::size_t g = 0; g < chosen.cells.size(); ++g) {
      const Rect& cell = chosen.cells[g];
      const int group = static_cast<int>(g);
      const double y = cell.y + cell.height / 2;
      const std::vector<int>& domains = groups.domains[g];
      const bool faint =
          std::all_of(domains.begin(), domains.end(), [&](int domain) { return scene.selection.leavesOutDomain(domain); });
      canvas().mark({cell.x + 0.4 * em, y}, 0.32 * em, domainMark(group), colours.ofGroup(group), faint ? 0.3 : 1.0);
      canvas().text({cell.x + em, y}, groups.names[g],
                    {faint ? mutedColor(theme()) : textColor(theme()), 0.85, Align::Left, VerticalAlign::Middle, false, false,
                     cell.width - em + 0.5});
      hit(cell,
          {-1, -1, domains.size() == 1 ? domains.front() : -1, translated("domain") + namesOf(*scene.snapshot->probe, domains)});
    }
    if (const std::size_t left = groups.names.size() - chosen.cells.size(); left > 0) {
      const double y = (chosen.cells.empty() ? area.y + area.height : chosen.cells.back().y) - 0.625 * em;
      canvas().text({area.x + em, y},
                    {translated("and ") + std::to_string(left) + translated(" more"), "+" + std::to_string(left)},
                    {mutedColor(theme()), 0.85});
    }
    return chosen.rest;
  }

  /// " German", or "s Dutch, Russian, ..."
  static std::string namesOf(const Probe& probe, const std::vector<int>& domains) {
    std::string names = domains.size() == 1 ? "" : "s";
    for (std::size_t i = 0; i < domains.size(); ++i)
      names += (i == 0 ? " " : ", ") + translated(probe.domainNames[static_cast<std::size_t>(domains[i])]);
    return names;
  }

  Pick pickAt(Point at) override {
    Pick found = FlatView::pickAt(at);
    if (found.token >= 0 && scene_.routing) found.text = describeToken(scene_, found.token);
    return found;
  }

  Point centre_;
  double radius_ = 1.0;
  struct Rank {
    int leader = -1, number = 0;
  };
  std::vector<Rank> ranks_;     ///< of the tokens
  PolygonCorners unit_;         ///< where the experts' corners stand in the unit circle
  std::vector<Point> corners_;  ///< where they stand in the picture
  vtkNew<TokenCloud> cloud_;
  bool loads_ = true;  ///< whether there is room for them beside the experts' names
  Scene scene_;
};

/// One token's place as the weighted mean that it is: the selected token's, else the first that has one.
std::string placeInNumbers(const Scene& scene) {
  const RowMatrix& gates = scene.routing->gates;
  Eigen::Index token = std::clamp<Eigen::Index>(scene.selection.token(), 0, gates.rows() - 1);
  const std::string words = translated("place(t) = sum over e of g(t, e) corner(e) / sum over e of g(t, e)\n") +
                            describeToken(scene, static_cast<int>(token));
  return words + formatted("; sum of its gates %.3f", gates.row(token).sum()) +
         translated("\nTokens that come to lie on a corner fan out around it. Area of a corner's disc: the expert's load");
}

/// A token's place where the polygon's corners lie in the unit circle.
DataTable numbersOf(const Scene& scene) {
  const RowMatrix& gates = scene.routing->gates;
  const Probe& probe = *scene.snapshot->probe;
  const auto experts = gates.cols();
  const PolygonCorners corners = polygonCorners(scene);
  DataTable table{{{"token", ""},
                   {"name", ""},
                   {"domain", ""},
                   {"x", "radius of the polygon"},
                   {"y", "radius of the polygon"},
                   {"leading_expert", ""},
                   {"entropy", "nats"}},
                  {}};
  for (Eigen::Index t = 0; t < gates.rows(); ++t) {
    double x = 0.0, y = 0.0, sum = 0.0;
    for (Eigen::Index e = 0; e < experts; ++e) {
      const Point& corner = corners.places[static_cast<std::size_t>(e)];
      const double gate = gates(t, e);
      x += gate * corner.x;
      y += gate * corner.y;
      sum += gate;
    }
    Eigen::Index leader = 0;
    const bool served = gates.row(t).maxCoeff(&leader) > 0.0f;
    const auto token = static_cast<int>(t);
    table.add({token, tokenName(probe, token),
               probe.domainNames[static_cast<std::size_t>(probe.domain[static_cast<std::size_t>(t)])],
               served ? Cell(x / sum) : Cell(), served ? Cell(y / sum) : Cell(), served ? Cell(static_cast<int>(leader)) : Cell(),
               static_cast<double>(scene.routing->probability.tokenEntropy[t])});
  }
  return table;
}

}  // namespace

ViewDeclaration declareScorePolygon() {
  return {
      "score_polygon",
      "Score polygon",
      "Tokens between the experts' corners, weighted by their applied gates: at the centre all experts share "
      "a token, in a corner one expert has it alone",
      [] { return std::make_unique<ScorePolygon>(); },
      numbersOf,
      "Routing",
      {tokenColourOption(), polygonCornersOption()},
      {},
      {"A regular polygon with a corner for each expert. Each token of the probe stands at the mean of the corners, weighted by the gates that are applied to it: in the centre all experts share it, in a corner one expert has it alone.",
       placeInNumbers,
       "Move the concentration: tokens leave the centre for their corners. Do tokens of one domain go to one corner, and is a corner empty or crowded?"}};
}

}  // namespace moescope
