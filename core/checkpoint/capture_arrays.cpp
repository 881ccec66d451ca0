#include "core/checkpoint/capture_arrays.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <functional>
#include <limits>
#include <stdexcept>

#include "core/data/zip.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr std::size_t kPiece = 1 << 16;

using ReadInto = std::function<void(std::span<std::uint8_t>)>;

/// One integer, as capturedId keeps it.
std::int32_t decode(const std::uint8_t* item, const NpyHeader& header) {
  std::uint64_t bits = 0;
  for (int i = 0; i < header.itemBytes; ++i)
    bits |= std::uint64_t{item[i]} << 8 * (header.byteOrder == '>' ? header.itemBytes - 1 - i : i);
  if (header.kind != 'i')
    return capturedId(static_cast<std::int64_t>(std::min<std::uint64_t>(bits, std::numeric_limits<std::int64_t>::max())));
  const int above = 64 - 8 * header.itemBytes;  // bits, filled with the sign
  return capturedId(static_cast<std::int64_t>(bits << above) >> above);
}

/// Where the i-th number of a Fortran-ordered array belongs in C order.
std::size_t fromFortran(std::size_t i, const std::vector<std::int64_t>& shape) {
  std::size_t place = 0, stride = 1;
  std::vector<std::size_t> strides(shape.size());
  for (std::size_t d = shape.size(); d-- > 0; stride *= static_cast<std::size_t>(shape[d])) strides[d] = stride;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    place += i % static_cast<std::size_t>(shape[d]) * strides[d];
    i /= static_cast<std::size_t>(shape[d]);
  }
  return place;
}

/// `left()`: bytes that the source still holds. The array must fill them, so that what is taken from memory is there.
CapturedSequence sequenceFrom(const ReadInto& read, const std::function<std::uint64_t()>& left, const std::string& file) {
  const auto next = [&](std::uint64_t bytes, const std::string& what) {
    if (bytes > left()) throw std::runtime_error(translated("%1: ends inside the %2", file, what));
    std::string part(bytes, '\0');
    read({reinterpret_cast<std::uint8_t*>(part.data()), part.size()});
    return part;
  };
  const NpyHeader header = readNpyHeader(next, NpyNumbers::Integer, file);
  CapturedSequence sequence;
  std::int64_t count = 1;
  for (const std::uint64_t size : header.shape) {
    sequence.shape.push_back(static_cast<std::int64_t>(size));
    if (size == 0 || size > static_cast<std::uint64_t>(kMostCapturedIds / count))
      throw std::runtime_error(translated("%1: .npy header: expected 1 to %2 ids, found shape with side %3", file,
                                          std::to_string(kMostCapturedIds), std::to_string(size)));
    count *= static_cast<std::int64_t>(size);
  }
  if (left() != static_cast<std::uint64_t>(count) * static_cast<std::uint64_t>(header.itemBytes))
    throw std::runtime_error(translated("%1: .npy header states shape %2 of %3 bytes each, but %4 bytes follow", file,
                                        shapeText(sequence.shape), std::to_string(header.itemBytes), std::to_string(left())));
  sequence.ids.resize(static_cast<std::size_t>(count));
  std::vector<std::uint8_t> piece(kPiece);
  for (std::size_t at = 0; at < sequence.ids.size();) {
    const std::size_t items = std::min(kPiece / static_cast<std::size_t>(header.itemBytes), sequence.ids.size() - at);
    read({piece.data(), items * static_cast<std::size_t>(header.itemBytes)});
    for (std::size_t i = 0; i < items; ++i, ++at)
      sequence.ids[header.fortranOrder ? fromFortran(at, sequence.shape) : at] =
          decode(piece.data() + i * static_cast<std::size_t>(header.itemBytes), header);
  }
  return sequence;
}

std::string lowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

CapturedSequence sequenceFromMember(std::span<const std::uint8_t> bytes, const ZipMember& member, const std::string& file) {
  ZipReader reader(bytes, member, file);
  CapturedSequence sequence = sequenceFrom([&](std::span<std::uint8_t> to) { reader.read(to); }, [&] { return reader.left(); },
                                           file + ": " + member.name.substr(0, 60));
  reader.finish();
  return sequence;
}

std::string withoutEnding(const std::string& name) { return name.ends_with(".npy") ? name.substr(0, name.size() - 4) : name; }

}  // namespace

std::optional<CapturedPart> partNamed(std::string_view name) {
  if (name == "routed_experts") return CapturedPart::Unsaid;
  if (name == "prompt_routed_experts") return CapturedPart::Prompt;
  if (name == "completion_routed_experts" || name == "output_routed_experts" || name == "response_routed_experts")
    return CapturedPart::Answer;
  return std::nullopt;
}

bool soundsLikeRouting(std::string_view name) {
  constexpr std::string_view kWords[] = {"routed", "routing", "router", "expert", "topk_ids"};
  const std::string lower = lowerCase(name);
  return std::any_of(std::begin(kWords), std::end(kWords),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

CapturedSequence sequenceFromNpy(std::span<const std::uint8_t> bytes, const std::string& place) {
  std::size_t at = 0;
  const auto read = [&](std::span<std::uint8_t> to) {
    std::memcpy(to.data(), bytes.data() + at, to.size());
    at += to.size();
  };
  return sequenceFrom(
      read, [&] { return bytes.size() - at; }, place);
}

std::vector<CapturedSequence> sequencesFromNpz(std::span<const std::uint8_t> bytes, const std::string& file,
                                               ReadingNotes& notes) {
  const std::vector<ZipMember> members = zipMembers(bytes, file);
  std::vector<CapturedSequence> sequences;
  for (const CapturedPart part : {CapturedPart::Prompt, CapturedPart::Unsaid, CapturedPart::Answer})
    for (const ZipMember& member : members)
      if (partNamed(withoutEnding(member.name)) == part) {
        sequences.push_back(sequenceFromMember(bytes, member, file));
        sequences.back().part = part;
      }
  const bool prompted = sequences.size() > 1 && sequences.front().part == CapturedPart::Prompt;
  for (std::size_t i = 1; prompted && i < sequences.size(); ++i) {
    sequences[i].part = CapturedPart::Answer;
    sequences[i].prompt = 0;
  }
  if (sequences.empty() && members.size() == 1) return {sequenceFromMember(bytes, members.front(), file)};
  if (sequences.empty())
    throw std::runtime_error(
        translated("%1: expected an array routed_experts, or only one; found %2", file, std::to_string(members.size())));
  for (const ZipMember& member : members)
    if (soundsLikeRouting(member.name) && !partNamed(withoutEnding(member.name)) && notes.all().size() < 20)
      notes.add(ReadingNoteKind::NotRead,
                translated("array \"%1\" looks like routing and is left aside", printable(member.name)));
  return sequences;
}

NpyHeader capturedType(const std::string& name, const std::string& place) {
  std::string word = name.substr(0, 40);
  for (const char* library : {"torch.", "numpy.", "np."})
    if (word.starts_with(library)) word.erase(0, std::strlen(library));
  NpyHeader type{.byteOrder = '<', .kind = 'i', .itemBytes = 0, .fortranOrder = false, .shape = {}};
  for (const int bytes : {1, 2, 4, 8})
    for (const char kind : {'i', 'u'}) {
      const std::string descr = std::string(1, kind) + std::to_string(bytes);
      const std::string full = std::string(kind == 'u' ? "uint" : "int") + std::to_string(8 * bytes);
      if (word != full && word != descr && word != "<" + descr && word != ">" + descr && word != "|" + descr) continue;
      type.kind = kind;
      type.itemBytes = bytes;
      if (word.front() == '>') type.byteOrder = '>';
    }
  if (type.itemBytes == 0)
    throw std::runtime_error(
        translated("%1: expected an integer type such as int32 or uint8, found \"%2\"", place, printable(name)));
  return type;
}

std::vector<std::int32_t> idsFromBytes(std::span<const std::uint8_t> bytes, const NpyHeader& type, const std::string& place) {
  const auto width = static_cast<std::size_t>(type.itemBytes);
  if (bytes.size() % width)
    throw std::runtime_error(translated("%1: expected whole numbers of %2 bits, found %3 bytes", place, std::to_string(8 * width),
                                        std::to_string(bytes.size())));
  if (bytes.size() / width > static_cast<std::size_t>(kMostCapturedIds))
    throw std::runtime_error(translated("%1: expected at most %2 ids", place, std::to_string(kMostCapturedIds)));
  std::vector<std::int32_t> ids(bytes.size() / width);
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = decode(bytes.data() + i * width, type);
  return ids;
}

}  // namespace moescope
