#pragma once
// A view in a hidden window of its own that stays, as in the program's own windows: what lies on the GPU stays there.

#include <vtkNew.h>
#include <vtkRenderWindow.h>

#include <memory>
#include <utility>

#include "views/offscreen.h"

namespace moescope {

struct StandingView {
  vtkNew<vtkRenderWindow> window;
  std::unique_ptr<View> view;

  StandingView(std::unique_ptr<View> made, int width, int height) : view(std::move(made)) {
    window->SetOffScreenRendering(1);
    window->SetMultiSamples(kSamples);
    window->AddRenderer(view->renderer());
    window->SetSize(width, height);
  }
  ~StandingView() { window->RemoveRenderer(view->renderer()); }
  StandingView(const StandingView&) = delete;
  StandingView& operator=(const StandingView&) = delete;

  /// Returns once it is drawn.
  void draw(const Scene& scene, const Theme& theme) {
    view->update(scene, theme);
    window->Render();
    window->WaitForCompletion();
  }
};

}  // namespace moescope
