#pragma once
// The signs of a player: drawn in the colour and height of a widget's text.

#include <QIcon>
#include <QWidget>

namespace moescope {

enum class TimeSign { Start, Back, Play, Pause, Forward };

QIcon timeIcon(TimeSign sign, const QWidget& widget);

}  // namespace moescope
