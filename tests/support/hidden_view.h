#pragma once
// A view in a window that is never drawn: what it lays out and what lies under the pointer.

#include <vtkNew.h>
#include <vtkRenderWindow.h>

#include <memory>
#include <utility>
#include <vector>

#include "views/flat_view.h"

namespace moescope::testing {

struct HiddenView {
  vtkNew<vtkRenderWindow> window;
  std::unique_ptr<View> view;

  HiddenView(std::unique_ptr<View> made, int width, int height) : view(std::move(made)) {
    window->SetOffScreenRendering(1);
    window->AddRenderer(view->renderer());
    window->SetSize(width, height);
  }
  std::vector<DrawnText> texts() const { return dynamic_cast<FlatView&>(*view).texts(); }
};

}  // namespace moescope::testing
