#include <QCoreApplication>

#include "tests/support/test_class.h"

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  return moescope::testing::runTestClass(argc, argv);
}
