#include "app/window/tile_data.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <stdexcept>
#include <utility>

#include "app/window/language.h"
#include "app/window/notices.h"
#include "core/data/output_file.h"

namespace moescope {
namespace {

DataTable dataOf(const ViewTile& tile) {
  if (!tile.drawn()) throw std::runtime_error(translated("This view has not drawn anything yet"));
  const Scene& scene = *tile.drawn();
  DataTable table = dataBehind(tile.declaration(), scene);
  if (!tile.differs() || !scene.beside) return table;
  const auto onSide = [&table](const char* side, std::vector<std::vector<Cell>> rows) {
    for (std::vector<Cell>& row : rows) {
      row.insert(row.begin(), side);
      table.add(std::move(row));
    }
  };
  table.columns.insert(table.columns.begin(), {"side", ""});
  onSide("A", std::exchange(table.rows, {}));
  onSide("B", dataBehind(tile.declaration(), *scene.beside).rows);
  return table;
}

QString rowsText(const DataTable& table) { return tr("%1 rows of %2 columns").arg(table.rows.size()).arg(table.columns.size()); }

void askAndSave(ViewTile& tile) {
  const QStringList filters = {tr("CSV (*.csv)"), tr("JSON (*.json)")};
  QString chosen = filters.front();
  QString path = QFileDialog::getSaveFileName(&tile, tr("Save data"), QString::fromStdString(tile.declaration().name) + ".csv",
                                              filters.join(";;"), &chosen);
  if (path.isEmpty()) return;
  if (!path.endsWith(".csv") && !path.endsWith(".json")) path += chosen == filters.back() ? ".json" : ".csv";
  saying(tile.controller(), [&] {
    writeDataOf(tile, path.toStdString());
    return tr("Saved: ") + path;
  });
}

}  // namespace

void writeDataOf(const ViewTile& tile, const std::string& path) {
  const bool json = path.ends_with(".json");
  if (!json && !path.ends_with(".csv")) throw std::runtime_error(translated("%1: ends in neither .csv nor .json", path));
  const DataTable table = dataOf(tile);
  writeFileAtomically(path, json ? jsonOf(table) : csvOf(table));
}

void addDataActions(QMenu& menu, ViewTile& tile) {
  menu.addSection(tr("Data behind this picture"));
  menu.addAction(tr("Copy &data as CSV"), &tile, [&tile] {
    saying(tile.controller(), [&tile] {
      const DataTable table = dataOf(tile);
      QApplication::clipboard()->setText(QString::fromStdString(csvOf(table)));
      return tr("Copied: data of %1, %2").arg(localised(tile.declaration().title), rowsText(table));
    });
  });
  menu.addAction(tr("Save da&ta…"), &tile, [&tile] { askAndSave(tile); });
}

}  // namespace moescope
