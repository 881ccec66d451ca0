// MoE Atlas's traces: https://github.com/DJLougen/moe-routing-atlas, schema of version 0.5.

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "core/data/json_text.h"
#include "core/words/words.h"

#include "core/checkpoint/capture_records.h"

namespace moescope {
namespace {

/// Takes "activations" as they come; the rest of a trace is passed over and not kept.
class ActivationReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  ActivationReader(std::string file, ReadingNotes& notes) : file_(std::move(file)), notes_(notes) {}

  std::vector<CapturedSequence> sequences;
  std::string where;  ///< what is parsed: ", line 3"

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool number_float(number_float_t, const string_t&) override {
    if (field_ && list_ > 0) fail(translated("a whole number as \"%1\"", key_));
    return true;
  }
  bool number_integer(number_integer_t number) override { return integer(number); }
  bool number_unsigned(number_unsigned_t number) override {
    return integer(static_cast<std::int64_t>(std::min<number_unsigned_t>(number, std::numeric_limits<std::int64_t>::max())));
  }
  bool start_object(std::size_t) override {
    deeper();
    if (list_ > 0 && depth_ == list_ + 1) {
      choice_ = {-1, -1, -1};
      if (++choices_ > kMostCapturedIds)
        throw std::runtime_error(
            translated("%1%2: expected at most %3 activations in all", file_, where, std::to_string(kMostCapturedIds)));
    }
    return true;
  }
  bool end_object() override {
    if (list_ > 0 && depth_ == list_ + 1) {
      if (choice_.token < 0 || choice_.layer < 0 || choice_.expert < 0)
        fail(translated("\"layer\", \"token_idx\" and \"expert_idx\" from 0 on"));
      trace_.push_back(choice_);
    }
    if (owner_ == depth_) endTrace();
    --depth_;
    return true;
  }
  bool start_array(std::size_t) override {
    deeper();
    if (list_ == 0 && key_ == "activations") list_ = depth_, owner_ = depth_ - 1, trace_.clear();
    return true;
  }
  bool end_array() override {
    if (list_ == depth_) list_ = 0;
    --depth_;
    return true;
  }
  bool key(string_t& text) override {
    key_ = text.substr(0, 200);
    const bool inside = list_ > 0 && depth_ == list_ + 1;
    field_ = !inside ? 0 : key_ == "layer" ? 1 : key_ == "token_idx" ? 2 : key_ == "expert_idx" ? 3 : 0;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    throw std::runtime_error(
        translated("%1%2: not JSON at byte %3: %4", file_, where, std::to_string(position), whatIsWrong(error)));
  }

 private:
  void deeper() {
    if (++depth_ > 64) throw std::runtime_error(translated("%1%2: JSON nested deeper than 64", file_, where));
    field_ = 0;
  }
  [[noreturn]] void fail(const std::string& expected) const {
    throw std::runtime_error(translated("%1, activation %2: expected %3", place(), std::to_string(trace_.size() + 1), expected));
  }
  std::string place() const { return file_ + where + ": trace " + std::to_string(sequences.size() + 1); }

  bool integer(std::int64_t number) {
    if (field_ == 2) choice_.token = number;
    else if (field_ == 1) choice_.layer = capturedId(number);
    else if (field_ == 3) choice_.expert = capturedId(number);
    else if (list_ == 0 && key_ == "num_experts") experts_ = number;
    else if (list_ == 0 && key_ == "top_k") chosen_ = number;
    field_ = 0;
    return true;
  }

  void endTrace() {
    if (trace_.empty()) {
      notes_.add(ReadingNoteKind::Missing, translated("a trace without activations: left out"));
    } else {
      sequences.push_back(sequenceOfChoices(std::move(trace_), place(), notes_));
      CapturedSequence& read = sequences.back();
      if (experts_ < 0 || experts_ > kMostCapturedExperts)
        throw std::runtime_error(
            translated("%1: expected \"num_experts\" up to %2", place(), std::to_string(kMostCapturedExperts)));
      read.experts = static_cast<int>(experts_);
      if (chosen_ > 0 && chosen_ != read.shape.back())
        notes_.add(ReadingNoteKind::Missing, translated("\"top_k\" says %1 experts a token; the activations hold %2",
                                                        std::to_string(chosen_), std::to_string(read.shape.back())));
    }
    trace_ = {};
    owner_ = -1;
    experts_ = chosen_ = 0;
  }

  std::string file_, key_;
  ReadingNotes& notes_;
  int depth_ = 0, list_ = 0, owner_ = -1,
      field_ = 0;  ///< list_: depth of the activations that are open; owner_: of the trace that has them
  std::int64_t choices_ = 0, experts_ = 0, chosen_ = 0;
  CapturedChoice choice_;
  std::vector<CapturedChoice> trace_;
};

}  // namespace

bool holdsActivations(std::string_view json) {
  return json.find("\"activations\"") != std::string_view::npos && json.find("\"expert_idx\"") != std::string_view::npos;
}

std::vector<CapturedSequence> sequencesFromActivations(const std::vector<std::string_view>& values, const std::string& file,
                                                       ReadingNotes& notes) {
  ActivationReader reader(file, notes);
  int line = 0;
  for (const std::string_view& value : values) {
    ++line;
    reader.where = values.size() > 1 ? ", line " + std::to_string(line) : "";
    if (value.find_first_not_of(" \t\r\n") != std::string_view::npos)
      nlohmann::json::sax_parse(value.begin(), value.end(), &reader);
  }
  if (reader.sequences.empty()) throw std::runtime_error(translated("%1: expected a trace with activations", file));
  return std::move(reader.sequences);
}

}  // namespace moescope
