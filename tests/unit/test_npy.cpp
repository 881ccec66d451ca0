#include <QtTest>
#include <bit>
#include <fstream>
#include <stdexcept>
#include <string>

#include "core/data/npy.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

std::string header(const std::string& dictionary, int version = 1) {
  std::string text("\x93NUMPY");
  text += static_cast<char>(version);
  text += '\0';
  for (int byte = 0; byte < (version == 1 ? 2 : 4); ++byte) text += static_cast<char>(dictionary.size() >> 8 * byte & 255);
  return text + dictionary;
}

std::string dictionary(const std::string& type, const std::string& order, const std::string& shape) {
  return "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }   \n";
}

template <typename Bits>
std::string item(Bits bits, bool bigEndian = false) {
  std::string text;
  for (std::size_t byte = 0; byte < sizeof bits; ++byte)
    text += static_cast<char>(bits >> 8 * (bigEndian ? sizeof bits - 1 - byte : byte) & 255);
  return text;
}

std::string doubles(std::initializer_list<double> values) {
  std::string text;
  for (double value : values) text += item(std::bit_cast<std::uint64_t>(value));
  return text;
}

}  // namespace

class TestNpy : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  std::string write(const std::string& bytes) {
    const std::string file = folder_.filePath("array.npy").toStdString();
    std::ofstream(file, std::ios::binary) << bytes;
    return file;
  }
  std::string refusal(const std::string& bytes) {
    try {
      readNpy(write(bytes));
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "read without complaint";
  }

 private Q_SLOTS:
  void reads_c_and_fortran_order() {
    Eigen::MatrixXd wanted(2, 3);
    wanted << 1, 2, 3, 4, 5, 6;
    QCOMPARE(readNpy(write(header(dictionary("<f8", "False", "(2, 3)")) + doubles({1, 2, 3, 4, 5, 6}))), wanted);
    QCOMPARE(readNpy(write(header(dictionary("<f8", "True", "(2, 3)")) + doubles({1, 4, 2, 5, 3, 6}))), wanted);
  }

  void reads_versions_two_and_three_and_a_vector_as_one_column() {
    for (int version : {2, 3}) {
      const Eigen::MatrixXd read = readNpy(write(header(dictionary("<f8", "False", "(2,)"), version) + doubles({7, -8})));
      QCOMPARE(read, Eigen::MatrixXd(Eigen::Vector2d(7, -8)));
    }
  }

  void reads_both_byte_orders_and_all_widths() {
    const double value = -0.15625;  // exact in every width: half 0xb100
    for (bool big : {false, true}) {
      const std::string order = big ? ">" : "<";
      QCOMPARE(readNpy(write(header(dictionary(order + "f8", "False", "(1,)")) + item(std::bit_cast<std::uint64_t>(value), big)))(
                   0, 0),
               value);
      QCOMPARE(readNpy(write(header(dictionary(order + "f4", "False", "(1,)")) +
                             item(std::bit_cast<std::uint32_t>(float(value)), big)))(0, 0),
               value);
      QCOMPARE(readNpy(write(header(dictionary(order + "f2", "False", "(1,)")) + item(std::uint16_t{0xb100}, big)))(0, 0), value);
    }
  }

  void reads_the_ends_of_half_precision() {
    const std::string bytes =
        item(std::uint16_t{1}) + item(std::uint16_t{0x7bff}) + item(std::uint16_t{0xfc00}) + item(std::uint16_t{0x7e00});
    const Eigen::MatrixXd read = readNpy(write(header(dictionary("<f2", "False", "(4,)")) + bytes));
    QCOMPARE(read(0), 0x1p-24);
    QCOMPARE(read(1), 65504.0);
    QVERIFY(std::isinf(read(2)) && read(2) < 0);
    QVERIFY(std::isnan(read(3)));
  }

  void refuses_each_lie_in_one_line_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("complaint");
    const auto row = [](const char* name, const std::string& bytes, const char* complaint) {
      QTest::newRow(name) << QByteArray::fromStdString(bytes) << complaint;
    };
    const std::string two = doubles({1, 2});
    row("empty file", "", "ends inside");
    row("not npy", "PK\x03\x04 and so on, long enough", "expected a .npy file");
    row("version 9", header(dictionary("<f8", "False", "(2,)"), 9) + two, "version 9");
    row("huge header", std::string("\x93NUMPY\x02", 7) + std::string("\0\xff\xff\xff\x7f", 5) + two, "expected at most 65536");
    row("header cut short", header(dictionary("<f8", "False", "(2,)")).substr(0, 30), "ends inside the .npy header");
    row("data cut short", header(dictionary("<f8", "False", "(2,)")) + two.substr(1), "15 bytes follow");
    row("data too long", header(dictionary("<f8", "False", "(2,)")) + two + "x", "17 bytes follow");
    row("sizes that wrap around", header(dictionary("<f8", "False", "(4294967296, 4294967296)")), "0 bytes follow");
    row("product that wraps to the held size",
        header(dictionary("<f8", "False", "(4611686018427387906, 4)")) + doubles({1, 2, 3, 4, 5, 6, 7, 8}), "bytes follow");
    row("size over 63 bits", header(dictionary("<f8", "False", "(99999999999999999999,)")), "63 bits");
    row("negative size", header(dictionary("<f8", "False", "(-2,)")) + two, "size of zero or more");
    row("empty array", header(dictionary("<f8", "False", "(0, 3)")), "empty array");
    row("a number", header(dictionary("<f8", "False", "()")) + doubles({1}), "0 dimensions");
    row("three dimensions", header(dictionary("<f8", "False", "(1, 2, 1)")) + two, "3 dimensions");
    row("Python objects", header(dictionary("|O", "False", "(2,)")) + two, "expected descr");
    row("integers", header(dictionary("<i8", "False", "(2,)")) + two, "expected descr");
    row("a record type", header("{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (2,)}") + two, "quoted word");
    row("a key twice", header("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (2,)}") + two, "once");
    row("no shape", header("{'descr': '<f8', 'fortran_order': False}") + two, "expected descr, fortran_order and shape");
    row("code", header("__import__('os').system('true')") + two, "expected '{'");
    row("an open quote", header("{'descr") + two, "closing quote");
    row("nothing after an opening", header("{") + two, "quoted word");
  }

  void refuses_each_lie_in_one_line() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, complaint);
    const QString message = QString::fromStdString(refusal(bytes.toStdString()));
    QVERIFY2(message.contains(complaint), qPrintable(message));
    QVERIFY(message.contains("array.npy") && !message.contains('\n'));
  }

  void refuses_a_folder_and_a_missing_file() {
    QVERIFY_EXCEPTION_THROWN(readNpy(folder_.path().toStdString()), std::runtime_error);
    QVERIFY_EXCEPTION_THROWN(readNpy("/nowhere.npy"), std::runtime_error);
  }
};

MOESCOPE_TEST(TestNpy)
#include "test_npy.moc"
