// Whatever bytes a model's state is read from: one line that names the fault, or the very model that stands in them.

#include <QTest>
#include <random>

#include "core/training/trainer.h"
#include "tests/support/model_state_parts.h"
#include "tests/support/test_class.h"

using namespace moescope;
using namespace moescope::testing;

class TestModelStateDamage : public QObject {
  Q_OBJECT
  std::string whole_;
  std::size_t header_ = 0;  // bytes of it
  int refused_ = 0, read_ = 0;

  static std::string withLength(std::uint64_t length, std::string bytes) {
    bytes.resize(std::max<std::size_t>(bytes.size(), 8));
    std::memcpy(bytes.data(), &length, 8);
    return bytes;
  }
  /// A file whose header is this.
  static std::string withHeader(const std::string& header, const std::string& data = {}) {
    return withLength(header.size(), std::string(8, '\0') + header + data);
  }

  /// What is read is what stands there, and trains.
  void check(const std::string& bytes, const std::string& what) {
    TrainerStatePointer state;
    try {
      state = readModelState(bytes, "FILE");
    } catch (const std::exception& error) {
      const std::string line = error.what();
      ++refused_;
      QVERIFY2(line.starts_with("FILE: ") && line.find('\n') == std::string::npos && line.size() < 1000,
               (what + ": " + line).c_str());
      return;
    }
    ++read_;
    QVERIFY2(Parts(modelStateBytes(*state)).normalised() == Parts(bytes).normalised(), what.c_str());
    try {
      Trainer(*state, Dispatch::Fused, 1).step();
    } catch (const NonFiniteLoss&) {
      return;  // weights that are finite, and too large
    }
  }

 private Q_SLOTS:
  void initTestCase() {
    whole_ = stateAfter(smallKnobs("grmoe"), 2);
    std::uint64_t length = 0;
    std::memcpy(&length, whole_.data(), 8);
    header_ = 8 + length;
  }
  void init() { refused_ = read_ = 0; }

  void every_third_byte_of_the_header() {
    std::mt19937 dice(3);
    for (std::size_t at = 0; at < header_; at += 3) {
      std::string bad = whole_;
      static const std::string kinds = "09-[]{},:\" x.e";
      bad[at] = at % 2 ? kinds[dice() % kinds.size()] : static_cast<char>(dice());
      if (bad[at] != whole_[at]) check(bad, "byte " + std::to_string(at));
    }
    qInfo("%d bytes of the header changed: %d refused, %d read as they stand", refused_ + read_, refused_, read_);
    QVERIFY(refused_ > 1000);
  }

  void bytes_of_the_tensors() {
    std::mt19937 dice(5);
    for (std::size_t at = header_; at < whole_.size(); at += 3 * (whole_.size() / 3000)) {
      std::string bad = whole_;
      bad[at] = static_cast<char>(bad[at] ^ (1 + dice() % 255));
      check(bad, "byte " + std::to_string(at));
    }
    qInfo("%d bytes of the tensors changed: %d refused, %d read as they stand", refused_ + read_, refused_, read_);
    QVERIFY(refused_ > 0 && read_ > 500);
  }

  void cut_anywhere_or_with_more_behind() {
    for (std::size_t length = 0; length < whole_.size(); length += length < header_ ? 7 : 1013)
      check(whole_.substr(0, length), "cut to " + std::to_string(length));
    for (const std::size_t more : {1, 8, 100000})
      check(whole_ + std::string(more, 'x'), "with " + std::to_string(more) + " bytes more");
    QCOMPARE(read_, 0);
  }

  void lengths_that_lie() {
    const std::uint64_t size = whole_.size(), most = ~std::uint64_t{0};
    for (const std::uint64_t length : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, header_ - 9, header_ - 7, size - 9,
                                       size - 8, size - 7, size, size + 1, std::uint64_t{1} << 31, std::uint64_t{1} << 32,
                                       std::uint64_t{1} << 62, std::uint64_t{1} << 63, most - 8, most - 7, most})
      check(withLength(length, whole_), "a header of " + std::to_string(length));
    QCOMPARE(read_, 0);
  }

  void hostile_headers() {
    const std::string metadata = whole_.substr(8, header_ - 8), data = whole_.substr(header_);
    const auto with = [&](const std::string& from, const std::string& to) {
      std::string header = metadata;
      const std::size_t at = header.find(from);
      QTest::qVerify(at != std::string::npos, "what is changed is there", from.c_str(), __FILE__, __LINE__);
      return withHeader(header.replace(at, from.size(), to), data);
    };
    const std::string head = "\"head\":{\"data_offsets\":[";
    const std::size_t offsets = metadata.find(head);
    QVERIFY(offsets != std::string::npos);
    const std::string begin =
        metadata.substr(offsets + head.size(), metadata.find(',', offsets + head.size()) - offsets - head.size());
    const std::vector<std::pair<const char*, std::string>> faults = {
        {"nothing", withHeader("")},
        {"no object", withHeader("[]", data)},
        {"a deep list", withHeader(std::string(90000, '['), data)},
        {"a deep object", withHeader(
                              [] {
                                std::string deep;
                                for (int i = 0; i < 20000; ++i) deep += "{\"a\":";
                                return deep;
                              }(),
                              data)},
        {"no model", withHeader("{}", data)},
        {"a model of nothing", withHeader("{\"__metadata__\":{\"moescope_model\":\"1\"}}", data)},
        {"zeros", withHeader(std::string(5000, '\0'), data)},
        {"bytes that are no UTF-8", withHeader("{\"\xff\xfe\":1}", data)},
        {"a shape beyond all memory", with("[32,256]", "[4294967296,4294967296]")},
        {"a shape that overflows to the right size", with("[32,256]", "[9223372036854775807,2]")},
        {"a negative shape", with("[32,256]", "[-32,-256]")},
        {"offsets below 0", with(head + begin, head + "-" + begin)},
        {"offsets beyond the end", with(head + begin, head + "99999999999")},
        {"an offset that is text", with(head + begin, head + "\"" + begin + "\"")},
        {"another tensor's bytes", with(head + begin, head + "0")},
        {"a type that is none", with("\"dtype\":\"F32\"", "\"dtype\":\"F33\"")},
        {"a step beyond all", with("\"step\":\"2\"", "\"step\":\"99999999999999999999\"")},
        {"many threads", with("\"threads\":\"1\"", "\"threads\":\"9223372036854775808\"")},
        {"a width beyond its range", with("\\\"width\\\":32", "\\\"width\\\":2000000000")},
        {"a width that is not that of the tensors", with("\\\"width\\\":32", "\\\"width\\\":64")},
        {"layers without number", with("\\\"layers\\\":2", "\\\"layers\\\":1e300")},
        {"a corpus that is not here", with("\\\"corpus\\\":\\\"procedural\\\"", "\\\"corpus\\\":\\\"/nowhere/at/all\\\"")},
        {"a corpus with a line in its name", with("\\\"corpus\\\":\\\"procedural\\\"", "\\\"corpus\\\":\\\"a\\\\nb\\\"")},
    };
    for (const auto& [what, bytes] : faults) check(bytes, what);
    QCOMPARE(refused_, static_cast<int>(faults.size()));
  }
};

MOESCOPE_TEST(TestModelStateDamage)
#include "test_model_state_damage.moc"
