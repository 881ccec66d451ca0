#include "tests/support/test_class.h"

#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace moescope::testing {
namespace {

using Makers = std::map<std::string, std::function<std::unique_ptr<QObject>()>>;

Makers& makers() {
  static Makers all;
  return all;
}

}  // namespace

bool addTestClass(const char* file, std::function<std::unique_ptr<QObject>()> make) {
  return makers().emplace(std::filesystem::path(file).stem().string(), std::move(make)).second;
}

int runTestClass(int argc, char** argv) {
  const std::string name = argc > 1 ? argv[1] : "";
  const auto found = makers().find(name);
  if (found == makers().end()) {
    std::fprintf(stderr, "'%s' is no test here; expected one of", name.c_str());
    for (const auto& [known, make] : makers()) std::fprintf(stderr, " %s", known.c_str());
    std::fputc('\n', stderr);
    return 2;
  }
  std::vector<char*> words = {argv[0]};
  words.insert(words.end(), argv + 2, argv + argc);
  qputenv("QTEST_FUNCTION_TIMEOUT", "3600000");  // milliseconds: how long a test may take is ctest's to say
  const std::unique_ptr<QObject> test = found->second();
  return QTest::qExec(test.get(), static_cast<int>(words.size()), words.data());
}

}  // namespace moescope::testing
