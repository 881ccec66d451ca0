#include "app/window/stage_page.h"

#include <QBoxLayout>
#include <QFontMetrics>
#include <QLabel>
#include <QSignalBlocker>
#include <algorithm>

#include "app/document/action.h"
#include "app/window/choice_box.h"
#include "app/window/language.h"
#include "app/window/layer_box.h"

namespace moescope {
namespace {

constexpr const char* kHero = "score_polygon";
constexpr const char* kBeside[] = {"load_bars", "concentration_curve", "next_bytes"};
constexpr const char* kTabs[] = {translatable("Load"), translatable("Entropy"),
                                 translatable("Next byte")};  // what they are called where they share a place
constexpr int kCurve = 1, kNextBytes = 2;
constexpr int kLeastBar = 41;   // lines of text that the bar at the top needs in width, else it is brief
constexpr int kWideBar = 47;    // ... else it has no room for the whole name of every router
constexpr int kStepBar = 28;    // ... else it has none for the button of one step
constexpr int kLeastTile = 14;  // lines of text that a tile beside the hero needs

const ViewDeclaration& viewNamed(const std::string& name) {
  const auto& all = viewRegistry();
  return *std::find_if(all.begin(), all.end(), [&](const ViewDeclaration& view) { return view.name == name; });
}

/// A button that does what an action of the menu does.
QToolButton* buttonOf(QAction* action, const char* name) {
  auto* button = new QToolButton;
  button->setObjectName(name);
  const auto follow = [button, action] {
    button->setEnabled(action->isEnabled());
    button->setToolTip(action->toolTip());
    button->setText(action->text().remove('&'));
  };
  QObject::connect(action, &QAction::changed, button, follow);
  QObject::connect(button, &QToolButton::clicked, action, &QAction::trigger);
  follow();
  return button;
}

}  // namespace

StagePage::StagePage(Controller& controller, TrainingActions& training) : controller_(controller) {
  setObjectName("stage");
  const auto view = [this](const char* name) {
    auto* made = new ViewPair(viewNamed(name), controller_);
    made->tiles().front()->setObjectName(QString("stage-") + name);
    views_.push_back(made);
    return made;
  };
  auto* middle = new QHBoxLayout;
  middle->setSpacing(4);
  middle->addWidget(view(kHero), 1180);
  beside_ = new QWidget;
  auto* column = new QVBoxLayout(beside_);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  tabs_ = new QTabWidget;
  tabs_->setObjectName("stageTabs");
  column->addWidget(tabs_);
  for (const char* name : kBeside) column->addWidget(view(name), 1);
  middle->addWidget(beside_, 740);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->setSpacing(4);
  layout->addWidget(makeBar(training));
  layout->addLayout(middle, 1);
  connect(&controller_, &Controller::documentChanged, this, &StagePage::showDocument);
  connect(&controller_, &Controller::sceneChanged, this, &StagePage::showDocument);
  showDocument();
}

QWidget* StagePage::makeBar(TrainingActions& training) {
  auto* bar = new QWidget;
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(4, 0, 4, 0);
  auto* left = new QVBoxLayout;
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(buttonOf(training.play(), "stagePlay"));
  buttons->addWidget(step_ = buttonOf(training.step(), "stageStep"));
  auto* layer = new LayerBox(
      controller_, [](const Snapshot& snapshot, int number) { return tr("Layer %1").arg(layerNumber(snapshot, number)); });
  layer->setObjectName("stageLayer");
  layer->setToolTip(tr("MoE layer that is shown: does each layer part the domains in its own way?"));
  buttons->addWidget(layer);
  left->addLayout(buttons);
  router_ = makeRouters();
  left->addWidget(router_);
  row->addLayout(left);
  slider_ = new ConcentrationSlider;
  slider_->sayEndsInWords();
  for (const char* part : {"concentration", "concentrationNumber", "concentrationReset", "concentrationTitle", "noConcentration"})
    slider_->findChild<QWidget*>(part)->setObjectName(QString("stage-") + part);
  connect(slider_, &ConcentrationSlider::valueChanged, this,
          [this](double value) { controller_.perform(setNumber(controller_.active(), "concentration", value)); });
  connect(slider_, &ConcentrationSlider::finished, this, [this] { controller_.history().endGesture(); });
  row->addWidget(slider_, 1);
  row->addSpacing(12);
  meter_ = new EntropyMeter(controller_);
  row->addWidget(meter_);
  return bar;
}

QComboBox* StagePage::makeRouters() {
  QComboBox* box = nullptr;
  for (const KnobDeclaration& knob : knobSettings())
    if (knob.name == "router") box = makeChoiceBox(knob.choices, 14);
  box->setObjectName("stageRouter");
  box->setAccessibleName(tr("Router"));
  box->setToolTip(
      tr("What gives tokens to experts. Another one starts a new model: watch how soon the corners fill, and which stay empty"));
  connect(box, &QComboBox::activated, this, [this, box](int index) {
    controller_.perform(setWords(controller_.active(), "router", box->itemData(index).toString().toStdString()));
    showDocument();  // also where it was refused
  });
  return box;
}

std::vector<ViewTile*> StagePage::tiles() const {
  std::vector<ViewTile*> all;
  for (const ViewPair* view : views_) all.insert(all.end(), view->tiles().begin(), view->tiles().end());
  return all;
}

void StagePage::setTheme(const Theme& theme) {
  Theme titled = theme;
  titled.titles = true;  // there are no docks
  for (ViewPair* view : views_) view->setTheme(view == views_.front() ? theme : titled);  // the hero's room is for its picture
}

void StagePage::showDocument() {
  for (ViewPair* view : views_) view->showDocument();
  for (ViewTile* hero : views_.front()->tiles()) hero->setGliding(controller_.document().motion);
  const QSignalBlocker quietSlider(slider_), quietRouter(router_);
  const Side& side = controller_.side();
  slider_->setValue(side.lens.concentration);
  slider_->sayChosen(choosesExperts(controller_.scene()));
  slider_->forbid(controller_.whyNoConcentration());
  slider_->setVisible(!controller_.document().hiddenControls.contains("concentration"));
  router_->setCurrentIndex(router_->findData(QString::fromStdString(controller_.shownKnobs().router)));
  router_->setEnabled(controller_.trains());
  arrange();
}

void StagePage::setRoom(int width) {
  room_ = width;
  const int line = QFontMetrics(font()).height();
  const bool brief = room_ < kLeastBar * line;
  slider_->setBrief(brief);
  meter_->setBrief(brief);
  step_->setVisible(room_ >= kStepBar * line);
  router_->setSizeAdjustPolicy(room_ < kWideBar * line ? QComboBox::AdjustToMinimumContentsLengthWithIcon
                                                       : QComboBox::AdjustToContents);
}

void StagePage::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  arrange();
}

void StagePage::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) arrange(), setRoom(room_);
}

/// The views beside the hero: one above the other where they have room for their text, else in tabs. Next bytes are shown only of
/// a text, in one place with the load.
void StagePage::arrange() {
  const int line = QFontMetrics(font()).height();
  const bool room = height() - 6 * line >= 2 * kLeastTile * line && width() >= 50 * line,
             text = !controller_.document().prompt.empty();
  if (arranged_ == std::pair{room, text}) return;
  const bool typed = text && !(arranged_ && arranged_->second);
  arranged_ = {room, text};
  auto* column = static_cast<QVBoxLayout*>(beside_->layout());
  tabs_->clear();
  for (int i = 0; i < static_cast<int>(std::size(kBeside)); ++i) {
    ViewPair* view = views_[static_cast<std::size_t>(i) + 1];
    const bool alone = room && (i == kCurve || !text), shown = i != kNextBytes || text;
    if (shown && !alone) {
      tabs_->addTab(view, tr(kTabs[i]));
      continue;
    }
    column->addWidget(view, 1);
    view->setVisible(shown);
  }
  column->removeWidget(tabs_);
  column->insertWidget(0, tabs_, 1);
  tabs_->setVisible(tabs_->count() > 0);
  if (typed) tabs_->setCurrentIndex(tabs_->count() - 1);
}

}  // namespace moescope
