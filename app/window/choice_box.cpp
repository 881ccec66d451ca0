#include "app/window/choice_box.h"

#include "app/window/language.h"

namespace moescope {

QComboBox* makeChoiceBox(const std::vector<Choice>& choices, int characters) {
  auto* box = new QComboBox;
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(characters);
  for (const Choice& choice : choices) {
    box->addItem(localised(choice.words()), QString::fromStdString(choice.name));
    box->setItemData(box->count() - 1, localised(choice.help), Qt::ToolTipRole);
  }
  return box;
}

}  // namespace moescope
