#version 330 core
// A token of a cloud: its place by the gates that the lens gives it, its colour and its opacity. The processor's twin is evaluate()
// (core/reading/routing.h) with ScorePolygon's places.

const int kSoft = 0, kTopK = 1, kTopP = 2, kThreshold = 3, kGiven = 4;  // CloudRule::Policy
const int kByLogit = 0, kByShare = 1, kByAffinity = 2;                  // CloudRule::Rank
const int kFew = 8;

uniform samplerBuffer values;   // of each token and expert: the score; with kGiven the gate itself
uniform samplerBuffer tokens;   // two texels each: number among those of its leading expert, that expert or -1, colour or -1,
                                // mark + 8 if faint whatever its gates; then its place in space
uniform samplerBuffer experts;  // each: corner on the unit circle, what is added to the score, what is added to the rank
uniform samplerBuffer shades;   // colours of entropies from 0 to log(experts)

uniform int count;              // of experts
uniform float concentration, baseFactor;
uniform int policy, keptCount, rank;
uniform float keptMass, threshold;
uniform bool normalised, affinity;  // what a gate is, for the selection
uniform float scaling;
uniform int selected[16];       // a bit for each expert
uniform bool someSelected;

uniform bool spatial;
uniform mat4 view;              // spatial: from space to the clip volume
uniform vec4 discs[128];        // radius of each corner's disc, device-independent pixels
uniform vec2 centre, viewport, origin;  // the latter two: size and place of the view in its window, device pixels
uniform float radius, size, ratio;
uniform vec2 opacity;           // in sight, and faint

flat out vec4 tint;
flat out int mark;
flat out vec2 middle;           // device pixels of the window

int row;
float largest, total;

float logit(int e) { return concentration * texelFetch(values, row + e).r + baseFactor * texelFetch(experts, e).z; }
/// In proportion to the probabilities.
float weight(int e) { return policy == kGiven ? texelFetch(values, row + e).r : exp(logit(e) - largest); }
float rankOf(int e) {
  if (policy == kTopP) return weight(e);
  if (rank == kByLogit) return logit(e);
  return (rank == kByAffinity ? exp(logit(e)) : weight(e) / total) + texelFetch(experts, e).w;
}

/// Floats in the order of integers.
int keyOf(float value) {
  int bits = floatBitsToInt(value);
  return bits < 0 ? bits ^ 0x7fffffff : bits;
}

/// What is kept: ranks above the cut, and of those that equal it the experts up to `last`.
int cut, last;

/// How much is kept by a cut: experts, or with kTopP their weights.
float keptBy(int key, bool equalToo) {
  float kept = 0.0;
  for (int e = 0; e < count; ++e) {
    float value = rankOf(e);
    int own = keyOf(value);
    if (own > key || (equalToo && own == key)) kept += policy == kTopP ? value : 1.0;
  }
  return kept;
}

/// The highest cut that keeps enough, by halving; then as many of its equals as are needed, the first experts first.
void findCut(float wanted) {
  int low = keyOf(rankOf(0)), high = low;
  for (int e = 1; e < count; ++e) {
    int key = keyOf(rankOf(e));
    low = min(low, key);
    high = max(high, key);
  }
  if (keptBy(high, true) >= wanted) low = high;
  for (int step = 0; step < 32; ++step) {
    int middle = (low & high) + ((low ^ high) >> 1);
    if (middle == low) break;
    if (keptBy(middle, true) >= wanted) low = middle; else high = middle;
  }
  cut = low;
  last = -1;
  float kept = keptBy(cut, false);
  for (int e = 0; e < count && kept < wanted; ++e) {
    float value = rankOf(e);
    if (keyOf(value) != cut) continue;
    last = e;
    kept += policy == kTopP ? value : 1.0;
  }
}

/// Largest logit, total and spread (the sum of weights by how far logits lie below the largest) as one more logit is known; sums of weights
/// by anything else shrink by what is returned.
float include(float each, inout float spread) {
  float shrunk = 1.0;
  if (each > largest) {
    shrunk = exp(largest - each);
    spread = shrunk * (spread + total * (each - largest));
    total *= shrunk;
    largest = each;
  }
  float below = each - largest, own = exp(below);
  total += own;
  spread -= own > 0.0 ? own * below : 0.0;
  return shrunk;
}

/// All experts are kept: each is read once. `at`: the sum of gates by corners.
void readAll(inout float spread, inout float sum, inout vec2 at) {
  if (policy == kSoft) largest = logit(0);
  for (int e = 0; e < count; ++e) {
    vec4 expert = texelFetch(experts, e);
    float value = texelFetch(values, row + e).r;
    if (policy == kSoft) {
      float each = concentration * value + baseFactor * expert.z;
      at *= include(each, spread);
      value = exp(each - largest);
    }
    sum += value;
    at += value * expert.xy;
  }
  if (policy == kSoft) sum = total;
}

/// Few are kept, those of the largest logits, of equal ones the first: each expert is read once, the kept ones twice.
void readFew(bool wantsTotal, inout float spread, inout float sum, inout vec2 at) {
  float best[kFew];
  int which[kFew];
  for (int i = 0; i < keptCount; ++i) {
    best[i] = -3.0e38;
    which[i] = -1;
  }
  largest = logit(0);
  for (int e = 0; e < count; ++e) {
    float each = logit(e);
    if (wantsTotal) include(each, spread);
    if (!(each > best[keptCount - 1])) continue;
    int place = keptCount - 1;
    for (; place > 0 && each > best[place - 1]; --place) {
      best[place] = best[place - 1];
      which[place] = which[place - 1];
    }
    best[place] = each;
    which[place] = e;
  }
  if (which[keptCount - 1] < 0) return;  // logits that are no numbers
  largest = best[0];
  cut = keyOf(best[keptCount - 1]);
  last = which[keptCount - 1];
  for (int i = 0; i < keptCount; ++i) {
    float gate = exp(best[i] - largest);
    sum += gate;
    at += gate * texelFetch(experts, which[i]).xy;
  }
}

bool isKept(int e) {
  if (policy == kSoft || policy == kGiven) return true;
  if (policy == kThreshold) return last < 0 ? weight(e) / total >= threshold : e == last;
  int key = keyOf(rankOf(e));
  return key > cut || (key == cut && e <= last);
}

void choose() {
  if (policy == kThreshold) {
    last = -1;
    if (1.0 / total < threshold)  // even the largest: it alone
      for (int e = count - 1; e >= 0; --e)
        if (logit(e) == largest) last = e;
  } else if (policy == kTopP) {
    findCut(keptMass * total);
  } else if (policy == kTopK) {
    findCut(float(keptCount));
  }
}

/// A token that comes to lie on its corner stands in a place of its own around it, on the side of the centre.
vec2 fannedOut(vec2 at, int leader, float number) {
  const float sector = 3.8, golden = 0.6180339887498949;
  vec2 corner = centre + radius * texelFetch(experts, leader).xy;
  float disc = discs[leader / 4][leader % 4], reach = disc + 2.0 * size;
  float near = 1.0 - length(at - corner) / reach;
  if (near <= 0.0) return at;
  vec2 inwards = centre - corner;
  float angle = atan(inwards.y, inwards.x) + sector * (fract(number * golden) - 0.5);
  float away = sqrt((disc + size) * (disc + size) + 2.0 * number * 4.0 * size * size / sector);
  return at + near * (corner + away * vec2(cos(angle), sin(angle)) - at);
}

void main() {
  row = gl_VertexID * count;
  vec4 token = texelFetch(tokens, 2 * gl_VertexID);
  float spread = 0.0, colour = token.z, sum = 0.0;
  vec2 at = vec2(0.0);
  largest = total = 0.0;
  if (policy == kSoft || policy == kGiven) {
    readAll(spread, sum, at);
  } else if (policy == kTopK && rank == kByLogit && keptCount <= kFew) {
    readFew(colour < 0.0 || (someSelected && !normalised && !affinity), spread, sum, at);
  } else {
    largest = logit(0);
    for (int e = 1; e < count; ++e) largest = max(largest, logit(e));
    for (int e = 0; e < count; ++e) {
      float below = logit(e) - largest, each = exp(below);
      total += each;
      spread -= each > 0.0 ? each * below : 0.0;
    }
    choose();
    for (int e = 0; e < count; ++e)
      if (isKept(e)) {
        float gate = weight(e);
        sum += gate;
        at += gate * texelFetch(experts, e).xy;
      }
  }
  bool inSight = token.w < 8.0;
  if (someSelected && inSight) {
    inSight = false;
    for (int e = 0; e < count; ++e) {
      if ((selected[e / 32] & (1 << (e % 32))) == 0 || !isKept(e)) continue;
      float gate = policy == kGiven ? weight(e) : scaling * (normalised ? weight(e) / sum : affinity ? exp(logit(e)) : weight(e) / total);
      inSight = inSight || gate >= 0.25;
    }
  }
  if (colour < 0.0) {
    tint = texelFetch(shades, int(clamp((log(total) + spread / total) / log(max(2.0, float(count))), 0.0, 1.0) * 255.0 + 0.5));
  } else {
    tint = vec4(floor(colour / 65536.0), mod(floor(colour / 256.0), 256.0), mod(colour, 256.0), 255.0) / 255.0;
  }
  tint.a = inSight ? opacity.x : opacity.y;
  mark = int(token.w) % 8;
  if (spatial) {
    middle = vec2(0.0);
    gl_Position = view * vec4(texelFetch(tokens, 2 * gl_VertexID + 1).xyz, 1.0);
    return;
  }
  middle = vec2(0.0);
  gl_Position = vec4(2.0, 2.0, 2.0, 1.0);  // outside: no expert works on it, or its gates are no numbers
  if (token.y < 0.0 || !(sum > 0.0)) return;
  at = fannedOut(centre + radius * at / sum, int(token.y), token.x);
  middle = origin + at * ratio;
  gl_Position = vec4(2.0 * at * ratio / viewport - 1.0, -1.0, 1.0);
}
