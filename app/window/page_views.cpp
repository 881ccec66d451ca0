#include "app/window/page_views.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>

#include "app/film/film_painter.h"
#include "app/window/language.h"
#include "app/window/wheel_guard.h"

namespace moescope {
namespace {

constexpr int kGap = 4;
const QString kPrefix = "page-";

const ViewDeclaration& declarationNamed(const std::string& name) {
  const auto& views = viewRegistry();
  return *std::find_if(views.begin(), views.end(), [&](const ViewDeclaration& view) { return view.name == name; });
}

}  // namespace

PageViews::PageViews(Controller& controller) : controller_(controller), board_(new QWidget) {
  setObjectName("pageViews");
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(board_, 1);
  layout->addWidget(makeControls());
  board_->installEventFilter(this);
  connect(&controller_, &Controller::documentChanged, this, &PageViews::showDocument);
  connect(&controller_, &Controller::sceneChanged, this, &PageViews::showControls);
  connect(&controller_, &Controller::statusChanged, this, [this] { knobs_->showKnobs(); });
}

QWidget* PageViews::makeControls() {
  auto* bar = new QWidget;
  auto* column = new QVBoxLayout(bar);
  column->setContentsMargins(kGap, kGap, kGap, kGap);  // for a frame around what the page speaks of
  auto* row = new QHBoxLayout;
  slider_ = new ConcentrationSlider;
  slider_->sayEndsInWords();
  for (const char* part : {"concentration", "concentrationNumber", "concentrationReset", "concentrationTitle", "noConcentration"})
    slider_->findChild<QWidget*>(part)->setObjectName(kPrefix + part);
  connect(slider_, &ConcentrationSlider::valueChanged, this,
          [this](double value) { controller_.perform(setNumber(controller_.active(), "concentration", value)); });
  connect(slider_, &ConcentrationSlider::finished, this, [this] { controller_.history().endGesture(); });
  number_ = new KeyNumber(controller_);
  row->addWidget(slider_, 1);
  row->addWidget(number_);
  column->addLayout(row);
  auto* forms = new QHBoxLayout;
  lens_ = new LensForm(controller_, kPrefix);
  knobs_ = new KnobForm(controller_);
  knobs_->setTitle({});
  for (QWidget* editor : knobs_->findChildren<QWidget*>())
    if (editor->objectName().startsWith("knob-")) editor->setObjectName(kPrefix + editor->objectName());
  forms->addWidget(lens_, 1, Qt::AlignTop);
  forms->addWidget(knobs_, 1, Qt::AlignTop);
  column->addLayout(forms);
  for (QWidget* form : {static_cast<QWidget*>(lens_), static_cast<QWidget*>(knobs_)})
    form->hide();  // with all their rows they would make the window high
  new WheelGuard(bar);
  return bar;
}

std::vector<ViewTile*> PageViews::tiles() const {
  std::vector<ViewTile*> all;
  for (const auto& [name, pair] : pairs_) all.insert(all.end(), pair->tiles().begin(), pair->tiles().end());
  return all;
}

void PageViews::setTheme(const Theme& theme) {
  theme_ = theme;
  theme_.titles = true;  // there are no docks
  for (const auto& [name, pair] : pairs_) pair->setTheme(theme_);
}

/// One of them may fill the place of all.
std::vector<std::string> PageViews::shown() const {
  const Layout& layout = controller_.document().layout;
  const bool fills = std::find(layout.alone.begin(), layout.alone.end(), layout.filling) != layout.alone.end();
  return fills ? std::vector<std::string>{layout.filling} : layout.alone;
}

ViewPair* PageViews::pairFor(const std::string& view) {
  ViewPair*& pair = pairs_[view];
  if (pair) return pair;
  const ViewDeclaration& declaration = declarationNamed(view);
  pair = new ViewPair(declaration, controller_);
  pair->setParent(board_);
  pair->setObjectName(kPrefix + "pair-" + QString::fromStdString(view));
  pair->setTheme(theme_);
  pair->tiles().front()->setObjectName(kPrefix + QString::fromStdString(view));
  connect(pair, &ViewPair::maximiseRequested, this, [this, view, title = declaration.title] {
    const bool fills = controller_.document().layout.filling == view;
    controller_.perform({fills ? translated("All views") : translated("Fill with %1", translated(title)), "",
                         [fills, view](Document& document) { document.layout.filling = fills ? "" : view; }});
  });
  return pair;
}

void PageViews::showDocument() {
  const std::vector<std::string> views = shown();
  for (const std::string& view : views) pairFor(view);
  for (const auto& [name, pair] : pairs_) {
    if (std::find(views.begin(), views.end(), name) == views.end()) {
      pair->hide();
      continue;
    }
    pair->showDocument();
    for (ViewTile* tile : pair->tiles()) tile->setGliding(controller_.document().motion);
    pair->show();
  }
  place();
  showControls();
}

/// All that can be set would be the panel once more: where nothing is hidden the slider stands alone.
void PageViews::showControls() {
  const Document& document = controller_.document();
  if (document.layout.alone.empty()) return;
  const bool chosen = !document.hiddenControls.empty();
  const QSignalBlocker quiet(slider_);
  slider_->setValue(controller_.lens().concentration);
  slider_->sayChosen(choosesExperts(controller_.scene()));
  slider_->forbid(controller_.whyNoConcentration());
  slider_->setVisible(!document.hiddenControls.contains("concentration"));
  lens_->setVisible(chosen && lens_->shows());
  const auto& settings = knobSettings();
  knobs_->setVisible(chosen && std::any_of(settings.begin(), settings.end(), [&](const KnobDeclaration& knob) {
                       return !document.hiddenControls.contains(knob.name);
                     }));
}

bool PageViews::eventFilter(QObject* watched, QEvent* event) {
  if (watched == board_ && event->type() == QEvent::Resize) place();
  return QWidget::eventFilter(watched, event);
}

void PageViews::place() {
  const std::vector<std::string> views = shown();
  if (views.empty()) return;
  const std::vector<Tile> places =
      tilesOf({kGap, kGap, board_->width() - 2 * kGap, board_->height() - 2 * kGap}, 1, static_cast<int>(views.size()), kGap)
          .front();
  for (std::size_t i = 0; i < views.size(); ++i)
    pairs_.at(views[i])->setGeometry(places[i].x, places[i].y, places[i].width, places[i].height);
}

}  // namespace moescope
