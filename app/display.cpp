#include "app/display.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace moescope {
namespace {

bool inPath(const std::string& program) {
  std::istringstream folders(std::getenv("PATH") ? std::getenv("PATH") : "");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (access((folder + "/" + program).c_str(), X_OK) == 0) return true;
  return false;
}

/// The words that this program was started with.
std::vector<std::string> ownWords() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  return words;
}

}  // namespace

bool hasDisplay() { return std::getenv("DISPLAY") || std::getenv("WAYLAND_DISPLAY"); }

void requireDisplay() {
  if (hasDisplay()) return;
  if (!inPath("xvfb-run")) throw std::runtime_error("no display, and no xvfb-run to make a virtual one: install the package xvfb");
  std::vector<std::string> words = {"xvfb-run", "-a", "-s", "-screen 0 1920x1200x24"};
  const std::vector<std::string> own = ownWords();
  words.push_back(std::filesystem::read_symlink("/proc/self/exe").string());
  words.insert(words.end(), own.begin() + 1, own.end());
  std::vector<char*> raw;
  for (std::string& word : words) raw.push_back(word.data());
  raw.push_back(nullptr);
  execvp(raw[0], raw.data());
  throw std::runtime_error("xvfb-run could not be started");
}

}  // namespace moescope
