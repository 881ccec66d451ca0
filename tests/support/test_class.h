#pragma once
// All test classes of a folder are one program; each is started by the name of its file:
//   unit_tests test_gates [words for QtTest]

#include <QTest>

#include <functional>
#include <memory>

namespace moescope::testing {

/// Makes a class known under the name of its source file, without folder and ending. Returns true.
bool addTestClass(const char* file, std::function<std::unique_ptr<QObject>()> make);

/// Runs the class that the first word names, with the other words for QtTest. Returns what main() returns: failures, or 2 and
/// one line that lists the names where the first word is none of them.
int runTestClass(int argc, char** argv);

}  // namespace moescope::testing

#define MOESCOPE_TEST(Class)                        \
  [[maybe_unused]] static const bool added##Class = \
      moescope::testing::addTestClass(__FILE__, [] { return std::make_unique<Class>(); });
