#pragma once
// A value that people set, declared once: panel, command line, JSON and help come from the declaration.

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace moescope {

/// One value of a setting that is chosen by name.
struct Choice {
  std::string name;        ///< stable id, in files and on the command line
  std::string label = {};  ///< for a person; empty: the name
  std::string help = {};   ///< one line, may be empty

  const std::string& words() const { return label.empty() ? name : label; }
};

/// What is wrong with a value of the setting `name`: "experts is 1000; expected a whole number from 2 to 512".
std::string saidOfNumber(const std::string& name, double value, double minimum, double maximum, bool integral);
std::string saidOfWords(const std::string& name, const std::string& words, const std::vector<Choice>& choices);

/// One row of a table. Numbers are read and written by `get` and `set`, words by `text` and `setText`.
template <typename Owner>
struct Setting {
  std::string name, label, unit, help;
  double minimum = 0.0, maximum = 0.0;
  bool logarithmic = false, integral = false;
  bool flag = false;              ///< 0 or 1: no or yes
  std::vector<Choice> choices{};  ///< of words
  bool free = false;              ///< other words than the choices may be typed
  std::function<double(const Owner&)> get{};
  std::function<void(Owner&, double)> set{};
  std::function<std::string(const Owner&)> text{};
  std::function<void(Owner&, const std::string&)> setText{};

  /// Throws std::invalid_argument with the name, the value and what was expected, in the window's language.
  void check(double value) const {
    if (std::isfinite(value) && value >= minimum && value <= maximum && (!integral || value == std::floor(value))) return;
    throw std::invalid_argument(saidOfNumber(name, value, minimum, maximum, integral));
  }
  void check(const std::string& words) const {
    if (free || std::any_of(choices.begin(), choices.end(), [&](const Choice& choice) { return choice.name == words; })) return;
    throw std::invalid_argument(saidOfWords(name, words, choices));
  }
  /// What is set now is checked.
  void checkOf(const Owner& owner) const { get ? check(get(owner)) : check(text(owner)); }
};

/// A number that lies in a field.
template <typename Owner, typename Value>
Setting<Owner> numberSetting(Value Owner::*field, std::string name, std::string label, std::string unit, double minimum,
                             double maximum, std::string help) {
  Setting<Owner> setting{std::move(name), std::move(label), std::move(unit), std::move(help), minimum, maximum};
  setting.integral = std::is_integral_v<Value>;
  setting.flag = std::is_same_v<Value, bool>;
  setting.get = [field](const Owner& owner) { return static_cast<double>(owner.*field); };
  setting.set = [field](Owner& owner, double value) {
    if constexpr (std::is_same_v<Value, bool>)
      owner.*field = value != 0.0;
    else
      owner.*field = static_cast<Value>(value);
  };
  return setting;
}

}  // namespace moescope
