#include "views/font_metrics.h"

#include <vtkNew.h>
#include <vtkTextProperty.h>
#include <vtkTextRenderer.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <map>
#include <utility>

namespace moescope {
namespace {

constexpr int kLargeHeight = 96;  // pixels: rounding to whole pixels no longer matters

/// Whether a byte goes on with a character of UTF-8 text.
bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

std::string findFont(bool bold) {
  const std::string name = bold ? "DejaVuSans-Bold.ttf" : "DejaVuSans.ttf";
  for (const char* folder : {"/usr/share/fonts/truetype/dejavu/", "/usr/share/fonts/dejavu/", "/usr/share/fonts/TTF/"})
    if (std::filesystem::exists(folder + name)) return folder + name;
  return {};
}

/// Width and height in pixels of words that VTK draws.
std::pair<int, int> measured(const std::string& words, int height, bool bold) {
  const vtkNew<vtkTextProperty> property;
  if (const std::string& file = fontFile(bold); !file.empty()) {
    property->SetFontFamily(VTK_FONT_FILE);
    property->SetFontFile(file.c_str());
  } else {
    property->SetFontFamilyToArial();
    property->SetBold(bold);
  }
  property->SetFontSize(height);
  int box[4] = {0, -1, 0, -1};
  vtkTextRenderer* renderer = vtkTextRenderer::GetInstance();
  if (!renderer || !renderer->GetBoundingBox(property, words, box, 72, vtkTextRenderer::FreeType)) return {0, 0};
  return {box[1] - box[0] + 1, box[3] - box[2] + 1};
}

/// From the start of a character to the start of the next in pixels. Between bars: the measure leaves out spaces at an end.
double advanceAt(const std::string& character, int height, bool bold) {
  constexpr int repeats = 8;
  std::string many = "|";
  for (int i = 0; i <= repeats; ++i) many += character;
  return static_cast<double>(measured(many + "|", height, bold).first - measured("|" + character + "|", height, bold).first) /
         repeats;
}

/// What is known of one character.
struct Advance {
  double large = -1.0;           ///< over the height of the font
  std::vector<double> byHeight;  ///< in pixels; NaN: not yet measured
};

/// Advance of a character in a font of this height, measured once.
double advanceOf(const std::string& character, int height, bool bold) {
  static std::array<std::array<Advance, 128>, 2> plain;  // views draw on one thread
  static std::array<std::map<std::string, Advance>, 2> others;
  const auto byte = static_cast<unsigned char>(character.front());
  Advance& mine = character.size() == 1 && byte < 128 ? plain[bold ? 1 : 0][byte] : others[bold ? 1 : 0][character];
  const auto place = static_cast<std::size_t>(std::max(1, height));
  if (mine.byHeight.size() <= place) mine.byHeight.resize(place + 1, NAN);
  double& known = mine.byHeight[place];
  if (std::isnan(known)) {
    if (mine.large < 0.0) mine.large = advanceAt(character, kLargeHeight, bold) / kLargeHeight;
    known = std::max(advanceAt(character, static_cast<int>(place), bold), mine.large * static_cast<double>(place));
  }
  return known;
}

}  // namespace

const std::string& fontFile(bool bold) {
  static const std::string plain = findFont(false), heavy = findFont(true);
  return bold ? heavy : plain;
}

std::vector<std::string> charactersOf(const std::string& words) {
  std::vector<std::string> characters;
  for (const char c : words) {
    if (continues(c) && !characters.empty())
      characters.back() += c;
    else
      characters.emplace_back(1, c);
  }
  return characters;
}

double widthOf(const std::string& words, int height, bool bold) {
  double width = 0.0;
  std::string character;
  for (std::size_t i = 0; i < words.size();) {
    character.assign(1, words[i++]);
    while (i < words.size() && continues(words[i])) character += words[i++];
    width += advanceOf(character, height, bold);
  }
  return width;
}

double lineHeight(bool bold) {
  static const std::array<double, 2> heights = {measured("Ag", kLargeHeight, false).second / static_cast<double>(kLargeHeight),
                                                measured("Ag", kLargeHeight, true).second / static_cast<double>(kLargeHeight)};
  return heights[bold ? 1 : 0];
}

std::string elidedInTheMiddle(const std::string& words, double room, int height, bool bold) {
  if (widthOf(words, height, bold) <= room) return words;
  const std::vector<std::string> characters = charactersOf(words);
  double left = room - widthOf(kEllipsis, height, bold);
  std::string head, tail;
  std::size_t kept = 0;
  for (std::size_t first = 0, last = characters.size(); first < last; ++kept) {  // in turn from the start and from the end
    const std::string& next = kept % 2 == 0 ? characters[first++] : characters[--last];
    left -= advanceOf(next, height, bold);
    if (left < 0.0) break;
    if (kept % 2 == 0)
      head += next;
    else
      tail = next + tail;
  }
  return kept < 2 ? std::string() : head + kEllipsis + tail;
}

std::string elidedAtTheEnd(const std::string& words, double room, int height, bool bold) {
  if (widthOf(words, height, bold) <= room) return words;
  double left = room - widthOf(kEllipsis, height, bold);
  std::string head;
  for (const std::string& character : charactersOf(words)) {
    left -= advanceOf(character, height, bold);
    if (left < 0.0) break;
    head += character;
  }
  while (!head.empty() && head.back() == ' ') head.pop_back();
  return head.empty() ? head : head + kEllipsis;
}

}  // namespace moescope
