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

  std::vector<std::string> names(const std::string& tokenizer, const std::vector<int>& ids) {
    std::ofstream(holder_.path().toStdString() + "/tokenizer.json") << tokenizer;
    return tokenNames(holder_.path().toStdString(), ids);
  }

 private Q_SLOTS:
  void byte_level_tokens_become_text() {
    const std::string tokenizer = R"({"added_tokens":[{"id":9,"content":"<|end|>"}],"decoder":{"type":"ByteLevel"},
      "model":{"type":"BPE","vocab":{"Ġthe":0,"Ã¤":1,"Ċ":2,"æĹ¥":3,"æĹ":4,"x":5},"merges":[["a","b"]]}})";
    QCOMPARE(names(tokenizer, {0, 1, 2, 3, 4, 5, 9, 77}), (std::vector<std::string>{" the", "ä", "↵", "日", "··", "x", "<|end|>", "#77"}));
  }
  void pieces_become_text() {
    const std::string map = R"({"model":{"type":"BPE","vocab":{"▁the":0,"<0x0A>":1,"ing":2}}})";
    QCOMPARE(names(map, {0, 1, 2}), (std::vector<std::string>{" the", "↵", "ing"}));
    const std::string list = R"({"model":{"type":"Unigram","vocab":[["<unk>",0.0],["▁a",-1.5]]}})";
    QCOMPARE(names(list, {1, 0, 2}), (std::vector<std::string>{" a", "<unk>", "#2"}));
  }
  void anything_else_gives_numbers() {
    for (const std::string& odd : {std::string("[]"), std::string("{"), std::string(R"({"model":7})"), std::string(R"({"model":{"vocab":{"a":"b"}}})"),
                                   std::string(R"({"added_tokens":[{"id":"x","content":1}],"model":{"vocab":{"a":1}}})"), std::string(200, '[')})
      QCOMPARE(names(odd, {3}), (std::vector<std::string>{"#3"}));
    QTemporaryDir empty;
    QCOMPARE(tokenNames(empty.path().toStdString(), {4}), (std::vector<std::string>{"#4"}));
  }
};

MOESCOPE_TEST(TestTokenNames)
#include "test_token_names.moc"
