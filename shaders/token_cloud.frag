#version 330 core
// A token's mark: Canvas::mark(), as soft at its edge as the four samples of a pixel make it; in space a disc.

flat in vec4 tint;
flat in int mark;  // Mark
flat in vec2 middle;

uniform bool spatial;
uniform float discRadius, markRadius;  // device pixels; discRadius: of the circle of the area of the polygon that Canvas draws

layout(location = 0) out vec4 colour;

/// Whether a place is within the mark; from its middle.
bool covers(vec2 at) {
  float halfSide = 0.8838834765 * markRadius;  // of a square whose corners are 1.25 radii away
  if (mark == 1) return max(abs(at.x), abs(at.y)) <= halfSide;
  if (mark == 2) return max(-at.y, 0.5 * at.y + 0.8660254038 * abs(at.x)) <= 0.75 * markRadius;
  if (mark == 3) return 0.7071067812 * (abs(at.x) + abs(at.y)) <= halfSide;
  return dot(at, at) <= discRadius * discRadius;
}

void main() {
  colour = tint;
  if (spatial) {
    vec2 across = 2.0 * gl_PointCoord - 1.0;
    if (dot(across, across) > 1.0) discard;
    return;
  }
  vec2 at = gl_FragCoord.xy - middle;  // gl_PointCoord is that of a point whose place is rounded
  float inside = 0.25 * (float(covers(at + vec2(-0.125, -0.375))) + float(covers(at + vec2(0.375, -0.125))) + float(covers(at + vec2(-0.375, 0.125))) + float(covers(at + vec2(0.125, 0.375))));
  if (inside == 0.0) discard;
  colour.a *= inside;
}
