#pragma once
// The views of one group in docks of their own. Groups share no dock area, so that each stays as it was left while another is
// shown.

#include <QDockWidget>
#include <QMainWindow>
#include <map>
#include <vector>

#include "app/window/view_pair.h"

namespace moescope {

class ViewGroup : public QMainWindow {
  Q_OBJECT
 public:
  /// Makes a dock for every view of the registry that belongs to this group; arrange() gives them their places.
  ViewGroup(const QString& name, Controller& controller);

  const QString& name() const { return name_; }
  const std::vector<QDockWidget*>& docks() const { return docks_; }
  /// Of both sides, as far as they were shown.
  std::vector<ViewTile*> tiles() const;
  void setTheme(const Theme& theme);
  /// One picture of each view or several beside each other, as the document says: each has a layout of its own.
  void showDocument(const Document& document, const QSize& room);

  /// As many columns and rows as leave each view room for its text in this size; the rest lie behind them in tabs.
  void arrange(const QSize& room);
  /// Places, sizes and tabs as the user left them, without a view that fills the group.
  QByteArray savedLayout() const;
  /// False, and the default layout for this size: the bytes are no layout of these views.
  bool restoreLayout(const QByteArray& saved, const QSize& room);

  /// Fills the group with its view of this name; brings all back where it has none of the name.
  void fill(const std::string& view);
  bool isFilled() const { return maximised_ != nullptr; }

 Q_SIGNALS:
  void filled(bool byOneView);

 protected:
  void childEvent(QChildEvent* event) override;

 private:
  bool leaveMaximised();
  void place(const QSize& grid);
  void shareRoom(const QSize& grid, const QSize& room);
  QSize gridFor(const QSize& room) const;
  int version() const;

  QString name_;
  std::vector<QDockWidget*> docks_;
  std::vector<ViewPair*> pairs_;
  int across_ = 1;                      ///< pictures of each view
  std::map<int, QByteArray> layouts_;  ///< as they were left, by pictures across
  QDockWidget* maximised_ = nullptr;
  QByteArray beforeMaximising_;
};

}  // namespace moescope
