#include "app/window/breath.h"

#include <algorithm>
#include <cmath>

#include "app/document/action.h"
#include "app/window/concentration_slider.h"
#include "app/window/controller.h"
#include "app/window/language.h"

namespace moescope {
namespace {

constexpr int kMilliseconds = 6000, kFrame = 33;
constexpr double kDown = 0.2, kUp = 0.7;  // shares of the way at which it is at 0 and at 16

}  // namespace

double breathAt(double share, double from) {
  if (share >= 1.0) return 1.0;
  const double stations[] = {0.0, kDown, kUp, 1.0}, places[] = {positionOf(from) / static_cast<double>(kSliderTop), 0.0, 1.0,
                                                                positionOf(1.0) / static_cast<double>(kSliderTop)};
  const int leg = share < kDown ? 0 : share < kUp ? 1 : 2;
  const double way = std::clamp((share - stations[leg]) / (stations[leg + 1] - stations[leg]), 0.0, 1.0),
               eased = way * way * (3.0 - 2.0 * way);
  return concentrationAt(static_cast<int>(std::lround((places[leg] + eased * (places[leg + 1] - places[leg])) * kSliderTop)));
}

double nextShare(double shown, double passed) {
  for (const double station : {kDown, kUp, 1.0})
    if (shown < station && passed > station) return station;
  return passed;
}

Breath::Breath(Controller& controller, QObject* parent) : QObject(parent), controller_(controller) {
  timer_.setInterval(kFrame);
  connect(&timer_, &QTimer::timeout, this, &Breath::move);
}

void Breath::start() {
  if (runs()) stop();
  if (const QString why = controller_.whyNoConcentration(); !why.isEmpty())
    return controller_.notice(localised(why.toStdString()));
  from_ = last_ = controller_.side().lens.concentration;
  share_ = 0.0;
  passed_.start();
  timer_.start();
}

void Breath::stop(bool goesBack) {
  if (goesBack && runs()) controller_.perform(setNumber(controller_.active(), "concentration", from_));
  timer_.stop();
  controller_.history().endGesture();
}

void Breath::move() {
  const float stands = controller_.side().lens.concentration;
  if (stands != static_cast<float>(last_)) return stop();  // somebody else moved it
  const double share = nextShare(share_, static_cast<double>(passed_.elapsed()) / kMilliseconds);
  share_ = share;
  last_ = breathAt(share, from_);
  if (!controller_.perform(setNumber(controller_.active(), "concentration", last_)) || share >= 1.0) stop();
}

}  // namespace moescope
