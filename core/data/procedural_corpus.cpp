// Small formal languages, written by a program: for machines without the text packages, and always labelled synthetic.

#include <array>
#include <string>

#include "core/data/corpus.h"
#include "core/data/split_mix.h"

namespace moescope {
namespace {

constexpr std::size_t kDomainBytes = 96 * 1024;

using Dice = SplitMix64;

std::string arithmetic(Dice& dice) {
  const int a = dice.below(100), b = dice.below(100);
  switch (dice.below(3)) {
    case 0: return std::to_string(a) + " + " + std::to_string(b) + " = " + std::to_string(a + b) + "\n";
    case 1: return std::to_string(a) + " - " + std::to_string(b) + " = " + std::to_string(a - b) + "\n";
    default: return std::to_string(a) + " * " + std::to_string(b % 10) + " = " + std::to_string(a * (b % 10)) + "\n";
  }
}

std::string brackets(Dice& dice) {
  static constexpr std::array<const char*, 3> pairs = {"()", "[]", "{}"};
  std::string open, text;
  for (int i = 0; i < 40 || !open.empty(); ++i) {
    if (i < 40 && (open.empty() || dice.below(2) == 0)) {
      const char* pair = pairs[static_cast<std::size_t>(dice.below(3))];
      text += pair[0];
      open += pair[1];
    } else {
      text += open.back();
      open.pop_back();
    }
  }
  return text + "\n";
}

std::string record(Dice& dice) {
  static constexpr std::array<const char*, 6> keys = {"id", "width", "layer", "score", "rank", "size"};
  std::string text = "{";
  for (int i = 0, fields = 2 + dice.below(3); i < fields; ++i)
    text += (i ? ", \"" : "\"") + std::string(keys[static_cast<std::size_t>(dice.below(6))]) +
            "\": " + std::to_string(dice.below(1000));
  return text + "}\n";
}

std::string assembly(Dice& dice) {
  static constexpr std::array<const char*, 6> operations = {"load ", "store", "add  ", "mul  ", "jump ", "test "};
  const std::string a = "r" + std::to_string(dice.below(16)), b = "r" + std::to_string(dice.below(16));
  return "    " + std::string(operations[static_cast<std::size_t>(dice.below(6))]) + "  " + a + ", " + b + "\n";
}

std::string syllables(Dice& dice) {
  std::string text;
  for (int word = 0; word < 8; ++word) {
    for (int i = 0, length = 1 + dice.below(3); i < length; ++i) {
      text += "ptkmnslr"[dice.below(8)];
      text += "aeiou"[dice.below(5)];
    }
    text += word == 7 ? ".\n" : " ";
  }
  return text;
}

std::string dates(Dice& dice) {
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return std::to_string(1900 + dice.below(200)) + "-" + two(1 + dice.below(12)) + "-" + two(1 + dice.below(28)) + " " +
         two(dice.below(24)) + ":" + two(dice.below(60)) + "\n";
}

struct Language {
  const char* name;
  std::string (*sentence)(Dice&);
};
constexpr Language kLanguages[] = {{"arithmetic", arithmetic}, {"brackets", brackets},   {"records", record},
                                   {"assembly", assembly},     {"syllables", syllables}, {"dates", dates}};

}  // namespace

Corpus proceduralCorpus(std::uint64_t seed) {
  Corpus corpus;
  corpus.name = "procedural";
  corpus.synthetic = true;
  for (const Language& language : kLanguages) {
    Dice dice(seed * 1000 + corpus.domains.size());
    std::string text;
    while (text.size() < kDomainBytes) text += language.sentence(dice);
    corpus.domains.push_back({language.name, {text.begin(), text.end()}});
  }
  return corpus;
}

}  // namespace moescope
