#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "core/checkpoint/token_names.h"
#include "tests/support/test_class.h"

using namespace moescope;

/// What the tokens are called is the convention of the tokenizers library: its byte-level alphabet and SentencePiece's signs.
class TestTokenNames : public QObject {
  Q_OBJECT
  QTemporaryDir holder_;

  ReadingNotes notes_;

  std::vector<std::string> names(const std::string& tokenizer, const std::vector<int>& ids) {
    std::ofstream(holder_.path().toStdString() + "/tokenizer.json") << tokenizer;
    notes_ = {};
    return tokenNames(holder_.path().toStdString(), ids, notes_);
  }

 private Q_SLOTS:
  void byte_level_tokens_become_text() {
    const std::string tokenizer = R"({"added_tokens":[{"id":9,"content":"<|end|>"}],"decoder":{"type":"ByteLevel"},
      "model":{"type":"BPE","vocab":{"Ġthe":0,"Ã¤":1,"Ċ":2,"æĹ¥":3,"æĹ":4,"x":5},"merges":[["a","b"]]}})";
    QCOMPARE(names(tokenizer, {0, 1, 2, 3, 4, 5, 9, 77}),
             (std::vector<std::string>{" the", "ä", "↵", "日", "··", "x", "<|end|>", "#77"}));
  }
  void pieces_become_text() {
    const std::string map = R"({"model":{"type":"BPE","vocab":{"▁the":0,"<0x0A>":1,"ing":2}}})";
    QCOMPARE(names(map, {0, 1, 2}), (std::vector<std::string>{" the", "↵", "ing"}));
    const std::string list = R"({"model":{"type":"Unigram","vocab":[["<unk>",0.0],["▁a",-1.5]]}})";
    QCOMPARE(names(list, {1, 0, 2}), (std::vector<std::string>{" a", "<unk>", "#2"}));
    QVERIFY(notes_.empty());
  }
  void anything_else_gives_numbers_and_says_so() {
    for (const std::string& odd :
         {std::string("[]"), std::string("{"), std::string(R"({"model":7})"), std::string(R"({"model":{"vocab":{"a":"b"}}})"),
          std::string(R"({"added_tokens":[{"id":"x","content":1}],"model":{"vocab":{"a":1}}})"), std::string(200, '[')}) {
      QCOMPARE(names(odd, {3}), (std::vector<std::string>{"#3"}));
      if (odd.find("\"b\"") == std::string::npos)
        QVERIFY2(notes_.all().size() == 1 && notes_.all()[0].text.find("tokenizer.json") != std::string::npos, odd.c_str());
    }
    QTemporaryDir empty;
    ReadingNotes none;
    QCOMPARE(tokenNames(empty.path().toStdString(), {4}, none), (std::vector<std::string>{"#4"}));
    QVERIFY(none.empty());
    QVERIFY(QDir(empty.path()).mkdir("tokenizer.json"));
    QCOMPARE(tokenNames(empty.path().toStdString(), {4}, none), (std::vector<std::string>{"#4"}));
    QVERIFY(none.all()[0].text.find("not a regular file") != std::string::npos);
  }
};

MOESCOPE_TEST(TestTokenNames)
#include "test_token_names.moc"
