#include "app/window/command_list.h"

#include <QPointer>
#include <QRegularExpression>
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "app/window/language.h"
#include "app/window/number_box.h"
#include "app/window/shortcuts.h"
#include "core/reading/lens_table.h"
#include "views/palette.h"

namespace moescope {
namespace {

QString text(const std::string& words) { return localised(words); }
QString written(double value) { return QString::number(value, 'g', 8); }

std::vector<Command> ofMenus(const QMenuBar& bar) {
  std::vector<Command> all;
  for (const MenuCommand& entry : commandsIn(bar, true)) {
    QAction* action = entry.action;
    const QString state = action->isCheckable() ? action->isChecked() ? "  ✓" : "  –" : "";
    QString help = action->toolTip();
    if (!action->isEnabled()) help = tr("Not now: ") + help;
    all.push_back({entry.title() + state, entry.place,
                   QKeySequence::listToString(action->shortcuts(), QKeySequence::NativeText).replace(";", tr(" or")), help,
                   action->isEnabled(), [action = QPointer<QAction>(action)] {
                     if (action) action->trigger();
                   }});
  }
  return all;
}

void addViews(std::vector<Command>& all, Controller& controller) {
  for (const ViewDeclaration& view : viewRegistry()) {
    all.push_back({tr("Fill the window with %1").arg(text(view.title)), tr("Views"), "", text(view.help), true,
                   [&controller, &view] {
                     controller.perform({translated("Fill with %1", translated(view.title)), "", [&view](Document& document) {
                                           document.layout.group = view.group;
                                           document.layout.filling = view.name;
                                           document.layout.alone.clear();
                                         }});
                   }});
    for (const ViewOption& option : view.options)
      for (const Choice& choice : option.choices)
        all.push_back({text(view.title) + ": " + text(option.label) + ": " + text(choice.words()), tr("Views"), "",
                       text(choice.help.empty() ? option.help : choice.help), true,
                       [&controller, setting = view.name + "/" + option.name, value = choice.name] {
                         controller.perform(setWords(controller.active(), setting, value));
                       }});
  }
}

/// What a row of knobs or of the lens can be set to. `shown`: whose row it is, as it is now; `whyNot`: empty, or why it cannot be
/// set.
template <typename Owner>
void addSetting(std::vector<Command>& all, Controller& controller, const Setting<Owner>& row, const Owner& shown,
                const QString& place, const QString& whyNot, const QString& effect) {
  const QString label = text(row.label), unit = row.unit.empty() ? "" : ", " + text(row.unit),
                help = whyNot.isEmpty() ? text(row.help) + effect : whyNot;
  if (row.text) {
    for (const Choice& choice : row.choices)
      all.push_back({tr("Set %1 to %2").arg(label, text(choice.words())), place, "",
                     whyNot.isEmpty() && !choice.help.empty() ? text(choice.help) + effect : help, whyNot.isEmpty(),
                     [&controller, name = row.name, value = choice.name] {
                       controller.perform(setWords(controller.active(), name, value));
                     }});
    return;
  }
  const auto set = [&controller, name = row.name](double value) {
    return [&controller, name, value] { controller.perform(setNumber(controller.active(), name, value)); };
  };
  if (row.flag) {
    const bool on = row.get(shown) != 0.0;
    all.push_back(
        {(on ? tr("Switch %1 off") : tr("Switch %1 on")).arg(label), place, "", help, whyNot.isEmpty(), set(on ? 0.0 : 1.0)});
    return;
  }
  const QString range = tr("%1 to %2%3; now %4").arg(written(row.minimum), written(row.maximum), unit, written(row.get(shown)));
  Command asks{tr("Set %1 to …").arg(label), place, "", range + ". " + help, whyNot.isEmpty()};
  asks.with = [asks, set, label, name = row.name](double value) {
    Command command = asks;
    command.title = tr("Set %1 to %2").arg(label, written(value));
    command.run = set(value);
    return command;
  };
  all.push_back(std::move(asks));
}

void addSettings(std::vector<Command>& all, Controller& controller) {
  const std::set<std::string>& hidden = controller.document().hiddenControls;  // a lesson's page has not those
  for (const LensSetting& row : lensTable())
    if (!hidden.contains(row.name)) addSetting(all, controller, row, controller.side().lens, tr("Routing"), {}, {});
  for (const KnobDeclaration& row : knobSettings())
    if (!hidden.contains(row.name))
      addSetting(all, controller, row, controller.side().knobs, tr("Model and training"), controller.whyNotTraining(),
                 row.rebuilds ? tr(". A change starts a new model.") : QString());
}

void addSelections(std::vector<Command>& all, Controller& controller) {
  for (int expert = 0; expert < controller.experts(); ++expert)
    all.push_back({tr("Select expert ") + QString::number(expert), tr("Selection"), "", tr("Follow it through all views"), true,
                   [&controller, expert] {
                     controller.select({expert, -1, -1, "", -1});
                   }});
  const SnapshotPointer& snapshot = controller.scene().snapshot;
  if (!snapshot) return;
  const Probe& probe = *snapshot->probe;
  std::vector<int> tokens(probe.domainNames.size(), 0);
  for (const int domain : probe.domain) ++tokens[static_cast<std::size_t>(domain)];
  const auto last = static_cast<int>(probe.domain.size()) - 1;
  Command asks{tr("Select token …"), tr("Selection"), "", tr("0 to %1. Follow it through all views").arg(last), last >= 0};
  asks.with = [asks, &controller, last](double number) {
    Command command = asks;
    const bool there = number == std::floor(number) && number >= 0.0 && number <= last;
    command.title = tr("Select token ") + written(number);
    command.run = [&controller, number, there, last] {
      if (there) return controller.select({-1, static_cast<int>(number), -1, "", -1});
      controller.notice(tr("there is no token %1; expected 0 to %2").arg(written(number)).arg(last));
    };
    return command;
  };
  all.push_back(std::move(asks));
  for (std::size_t domain = 0; domain < tokens.size(); ++domain)
    all.push_back({tr("Select domain ") + localised(probe.domainNames[domain]), tr("Selection"), "",
                   tr("Follow its %1 of %2 tokens through all views").arg(tokens[domain]).arg(probe.domain.size()), true,
                   [&controller, domain] {
                     controller.select({-1, -1, static_cast<int>(domain), "", -1});
                   }});
}

/// How well a word is found in a text; 0: not at all.
int scoreOf(const QString& where, const QString& word) {
  for (qsizetype at = where.indexOf(word); at >= 0; at = where.indexOf(word, at + 1))
    if (at == 0 || !where[at - 1].isLetterOrNumber()) {
      const qsizetype end = at + word.size();
      return end == where.size() || !where[end].isLetterOrNumber() ? 100 : 80;
    }
  if (where.contains(word)) return 50;
  qsizetype at = -1;
  int gaps = 0;
  for (const QChar letter : word) {
    const qsizetype next = where.indexOf(letter, at + 1);
    if (next < 0) return 0;
    gaps += at >= 0 && next > at + 1;
    at = next;
  }
  return gaps <= word.size() / 2 ? 20 - std::min(gaps, 19) : 0;
}

int scoreOf(const Command& command, const QStringList& words) {
  const QString title = command.title.toLower(), place = command.place.toLower();
  int sum = 0;
  for (const QString& word : words) {
    const int best = std::max(2 * scoreOf(title, word), scoreOf(place, word));
    if (best == 0) return 0;
    sum += best;
  }
  return sum;
}

/// A number at the end of a query, and what stands before it.
std::optional<std::pair<QString, double>> numberAtEnd(const QString& query) {
  static const QRegularExpression number(R"(^(.*\S)[\s=]+([-+]?(\d+[.,]?\d*|[.,]\d+)(e[-+]?\d+)?)$)");
  const QRegularExpressionMatch found = number.match(query);
  if (!found.hasMatch()) return {};
  return std::pair{found.captured(1).remove('='), numberLocale().toDouble(found.captured(2).replace(',', '.'))};
}

QStringList wordsOf(const QString& query) { return query.split(' ', Qt::SkipEmptyParts); }

}  // namespace

std::vector<Command> commandsOf(const QMenuBar& bar, Controller& controller) {
  std::vector<Command> all = ofMenus(bar);
  addViews(all, controller);
  addSettings(all, controller);
  addSelections(all, controller);
  return all;
}

std::vector<Command> matching(const std::vector<Command>& commands, const QString& query) {
  const QString sought = query.trimmed().toLower();
  const QStringList words = wordsOf(sought);
  const auto number = numberAtEnd(sought);
  std::vector<std::pair<int, Command>> found;
  for (const Command& command : commands) {
    if (const int score = number && command.with ? scoreOf(command, wordsOf(number->first)) : 0; score > 0)
      found.emplace_back(score + 100, command.with(number->second));
    if (const int score = scoreOf(command, words); score > 0 || words.isEmpty()) found.emplace_back(score, command);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : !a.second.enabled < !b.second.enabled;
  });
  std::vector<Command> best;
  for (auto& [score, command] : found) best.push_back(std::move(command));
  return best;
}

}  // namespace moescope
