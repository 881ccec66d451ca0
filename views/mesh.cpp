#include "views/mesh.h"

#include <vtkPointData.h>
#include <vtkPolyDataMapper.h>

#include <Eigen/Geometry>
#include <cmath>
#include <numbers>

namespace moescope {

Mesh::Mesh(bool asPoints) {
  colors->SetNumberOfComponents(4);
  data->SetPoints(points);
  if (asPoints)
    data->SetVerts(cells);
  else
    data->SetPolys(cells);
  data->GetPointData()->SetScalars(colors);
  const vtkNew<vtkPolyDataMapper> mapper;
  mapper->SetInputData(data);
  actor->SetMapper(mapper);
}

void Mesh::clear() {
  points->Reset();
  cells->Reset();
  colors->Reset();
}

vtkIdType Mesh::add(const Eigen::Vector3d& at, const Color& color, double opacity) {
  const unsigned char rgba[4] = {static_cast<unsigned char>(255 * color[0]), static_cast<unsigned char>(255 * color[1]),
                                 static_cast<unsigned char>(255 * color[2]), static_cast<unsigned char>(255 * opacity)};
  colors->InsertNextTypedTuple(rgba);
  return points->InsertNextPoint(at.data());
}

void Mesh::done() {
  points->Modified();
  cells->Modified();
  colors->Modified();
  data->Modified();
}

void addTube(Mesh& mesh, const Eigen::Vector3d& from, const Eigen::Vector3d& to, double r0, double r1, const Color& color,
             double opacity) {
  const double length = (to - from).norm();
  if (length < 1e-9) return;
  const Eigen::Vector3d unit = (to - from) / length, side = unit.unitOrthogonal(), other = unit.cross(side);
  constexpr int sides = 8;
  const vtkIdType first = mesh.points->GetNumberOfPoints();
  for (int i = 0; i < sides; ++i) {
    const double turn = 2.0 * std::numbers::pi * i / sides;
    const Eigen::Vector3d out = std::cos(turn) * side + std::sin(turn) * other;
    mesh.add(from + r0 * out, color, opacity);
    mesh.add(to + r1 * out, color, opacity);
  }
  for (int i = 0; i < sides; ++i) {
    const vtkIdType p = first + 2 * i, q = first + 2 * ((i + 1) % sides);
    mesh.cells->InsertNextCell({p, q, q + 1, p + 1});
  }
}

void addArrow(Mesh& mesh, const Eigen::Vector3d& from, const Eigen::Vector3d& along, double thickness, const Color& color,
              double opacity) {
  const Eigen::Vector3d neck = from + 0.78 * along;
  addTube(mesh, from, neck, thickness, thickness, color, opacity);
  addTube(mesh, neck, from + along, 3.4 * thickness, 0.0, color, opacity);
}

void addPath(Mesh& mesh, const std::vector<Eigen::Vector3d>& points, double radius, const Color& color, double opacity) {
  for (std::size_t i = 1; i < points.size(); ++i) addTube(mesh, points[i - 1], points[i], radius, radius, color, opacity);
}

void addFan(Mesh& mesh, const Eigen::Vector3d& centre, const std::vector<Eigen::Vector3d>& rim, const Color& color,
            double opacity) {
  const vtkIdType middle = mesh.add(centre, color, opacity);
  for (const Eigen::Vector3d& point : rim) mesh.add(point, color, opacity);
  for (vtkIdType i = 1; i < static_cast<vtkIdType>(rim.size()); ++i)
    mesh.cells->InsertNextCell({middle, middle + i, middle + i + 1});
}

}  // namespace moescope
