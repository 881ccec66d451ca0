#pragma once
// Shapes of 3-D views: triangles or points with a colour for each vertex, and what is built of them. Lengths are in world units.

#include <vtkActor.h>
#include <vtkCellArray.h>
#include <vtkNew.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkUnsignedCharArray.h>

#include <Eigen/Core>
#include <vector>

#include "views/palette.h"

namespace moescope {

/// Drawn by one actor, which the owner adds to its renderer. Filled anew between clear() and done().
struct Mesh {
  vtkNew<vtkPoints> points;
  vtkNew<vtkCellArray> cells;
  vtkNew<vtkUnsignedCharArray> colors;
  vtkNew<vtkPolyData> data;
  vtkNew<vtkActor> actor;

  explicit Mesh(bool asPoints);
  void clear();
  vtkIdType add(const Eigen::Vector3d& at, const Color& color, double opacity);
  void done();
};

/// A round rod whose radius goes from r0 to r1.
void addTube(Mesh& mesh, const Eigen::Vector3d& from, const Eigen::Vector3d& to, double r0, double r1, const Color& color,
             double opacity);

/// A rod with a head, from `from` to `from + along`; a rod's radius is `thickness`.
void addArrow(Mesh& mesh, const Eigen::Vector3d& from, const Eigen::Vector3d& along, double thickness, const Color& color,
              double opacity);

/// Rods from point to point.
void addPath(Mesh& mesh, const std::vector<Eigen::Vector3d>& points, double radius, const Color& color, double opacity);

/// Triangles from the centre to each two neighbouring points of the rim.
void addFan(Mesh& mesh, const Eigen::Vector3d& centre, const std::vector<Eigen::Vector3d>& rim, const Color& color,
            double opacity);

}  // namespace moescope
