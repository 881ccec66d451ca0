#include "core/checkpoint/capture.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <functional>
#include <limits>
#include <stdexcept>

#include "core/data/npy_header.h"
#include "core/data/zip.h"

namespace moescope {
namespace {

constexpr std::size_t kPiece = 1 << 16;

using ReadInto = std::function<void(std::span<std::uint8_t>)>;

std::string text(const std::vector<std::int64_t>& shape) {
  std::string result = "[";
  for (const std::int64_t size : shape) result += (result.size() > 1 ? ", " : "") + std::to_string(size);
  return result + "]";
}

/// One integer, as capturedId keeps it.
std::int32_t decode(const std::uint8_t* item, const NpyHeader& header) {
  std::uint64_t bits = 0;
  for (int i = 0; i < header.itemBytes; ++i) bits |= std::uint64_t{item[i]} << 8 * (header.byteOrder == '>' ? header.itemBytes - 1 - i : i);
  if (header.kind != 'i') return capturedId(static_cast<std::int64_t>(std::min<std::uint64_t>(bits, std::numeric_limits<std::int64_t>::max())));
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
CapturedSequence sequenceFromNpy(const ReadInto& read, const std::function<std::uint64_t()>& left, const std::string& file) {
  const auto next = [&](std::uint64_t bytes, const std::string& what) {
    if (bytes > left()) throw std::runtime_error(file + ": ends inside the " + what);
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
      throw std::runtime_error(file + ": .npy header: expected 1 to " + std::to_string(kMostCapturedIds) + " ids, found shape with side " + std::to_string(size));
    count *= static_cast<std::int64_t>(size);
  }
  if (left() != static_cast<std::uint64_t>(count) * static_cast<std::uint64_t>(header.itemBytes))
    throw std::runtime_error(file + ": .npy header states shape " + text(sequence.shape) + " of " + std::to_string(header.itemBytes) + " bytes each, but " +
                             std::to_string(left()) + " bytes follow");
  sequence.ids.resize(static_cast<std::size_t>(count));
  std::vector<std::uint8_t> piece(kPiece);
  for (std::size_t at = 0; at < sequence.ids.size();) {
    const std::size_t items = std::min(kPiece / static_cast<std::size_t>(header.itemBytes), sequence.ids.size() - at);
    read({piece.data(), items * static_cast<std::size_t>(header.itemBytes)});
    for (std::size_t i = 0; i < items; ++i, ++at)
      sequence.ids[header.fortranOrder ? fromFortran(at, sequence.shape) : at] = decode(piece.data() + i * static_cast<std::size_t>(header.itemBytes), header);
  }
  return sequence;
}

CapturedSequence sequenceFromNpyBytes(std::span<const std::uint8_t> bytes, const std::string& file) {
  std::size_t at = 0;
  const auto read = [&](std::span<std::uint8_t> to) {
    std::memcpy(to.data(), bytes.data() + at, to.size());
    at += to.size();
  };
  return sequenceFromNpy(read, [&] { return bytes.size() - at; }, file);
}

CapturedSequence sequenceFromNpz(std::span<const std::uint8_t> bytes, const std::string& file) {
  const std::vector<ZipMember> members = zipMembers(bytes, file);
  const auto named = std::find_if(members.begin(), members.end(), [](const ZipMember& m) { return m.name == "routed_experts.npy"; });
  if (named == members.end() && members.size() != 1)
    throw std::runtime_error(file + ": expected an array routed_experts, or only one; found " + std::to_string(members.size()));
  const ZipMember& member = named == members.end() ? members.front() : *named;
  ZipReader reader(bytes, member, file);
  CapturedSequence sequence = sequenceFromNpy([&](std::span<std::uint8_t> to) { reader.read(to); }, [&] { return reader.left(); }, file + ": " + member.name.substr(0, 60));
  reader.finish();
  return sequence;
}

bool fits(const CaptureShape& shape, const CaptureShape& found) {
  return (shape.tokens == 0 || shape.tokens == found.tokens) && (shape.layers == 0 || shape.layers == found.layers) &&
         (shape.chosen == 0 || shape.chosen == found.chosen);
}

std::string listed(const std::vector<CaptureShape>& shapes) {
  const auto side = [](std::int64_t size, const char* name) { return size ? std::to_string(size) : std::string(name); };
  std::string result;
  for (const CaptureShape& s : shapes) result += (result.empty() ? "[" : " or [") + side(s.tokens, "tokens") + ", " + side(s.layers, "layers") + ", " + side(s.chosen, "k") + "]";
  return result;
}

/// Tokens, layers and k of a sequence, of its own shape or of the only possible one.
CaptureShape shapeOf(const CapturedSequence& sequence, const std::vector<CaptureShape>& shapes, const std::string& file) {
  const auto count = static_cast<std::int64_t>(sequence.ids.size());
  if (!sequence.shape.empty()) {
    if (sequence.shape.size() != 2 && sequence.shape.size() != 3)
      throw std::runtime_error(file + ": expected ids of shape [tokens, layers, k] or [tokens, k], found " + text(sequence.shape));
    const CaptureShape found{sequence.shape.front(), sequence.shape.size() == 3 ? sequence.shape[1] : 1, sequence.shape.back()};
    if (!shapes.empty() && std::none_of(shapes.begin(), shapes.end(), [&](const CaptureShape& s) { return fits(s, found); }))
      throw std::runtime_error(file + ": expected ids of shape " + listed(shapes) + ", found " + text(sequence.shape));
    return found;
  }
  std::vector<CaptureShape> possible;
  for (const CaptureShape& s : shapes)
    if (s.layers > 0 && s.chosen > 0 && count % (s.layers * s.chosen) == 0 && (s.tokens == 0 || s.tokens * s.layers * s.chosen == count))
      if (const CaptureShape whole{count / (s.layers * s.chosen), s.layers, s.chosen}; std::find(possible.begin(), possible.end(), whole) == possible.end()) possible.push_back(whole);
  if (possible.size() == 1) return possible.front();
  if (shapes.empty()) throw std::runtime_error(file + ": base64 does not tell its shape; expected --capture-shape LAYERS,K");
  if (possible.empty()) throw std::runtime_error(file + ": " + std::to_string(count) + " ids do not fill shape " + listed(shapes));
  throw std::runtime_error(file + ": ambiguous: " + std::to_string(count) + " ids fill both " + listed(possible) + "; expected --capture-shape LAYERS,K");
}

/// Appends a sequence, its ids checked, without its padding.
void append(RoutingCapture& capture, const CapturedSequence& sequence, const std::vector<CaptureShape>& shapes, int experts) {
  const CaptureShape shape = shapeOf(sequence, shapes, capture.file);
  if (shape.layers > 100'000 || shape.chosen > kMostCapturedExperts) throw std::runtime_error(capture.file + ": expected at most 100000 layers and 4096 experts a token");
  if (capture.layers > 0 && (capture.layers != shape.layers || capture.chosen != shape.chosen))
    throw std::runtime_error(capture.file + ": expected the same layers and k in every sequence");
  capture.layers = static_cast<int>(shape.layers);
  capture.chosen = static_cast<int>(shape.chosen);
  const int most = experts > 0 ? experts : kMostCapturedExperts;
  const std::int64_t ids = shape.layers * shape.chosen;  // of a token
  bool begins = true;
  for (std::int64_t token = 0; token < shape.tokens; ++token) {
    const std::int32_t* first = sequence.ids.data() + token * ids;
    if (std::all_of(first, first + ids, [](std::int32_t id) { return id == kPaddingId; })) {
      ++capture.padding;
      begins = true;
      continue;
    }
    for (std::int64_t i = 0; i < ids; ++i) {
      if (first[i] < 0 || first[i] >= most)
        throw std::runtime_error(capture.file + ": token " + std::to_string(capture.tokens + capture.padding) + ", layer " + std::to_string(i / shape.chosen) +
                                 ": expected expert ids from 0 to " + std::to_string(most - 1) + ", found " +
                                 (first[i] == kPaddingId ? "-1, which marks padding only where all ids of a token are -1"
                                  : first[i] < 0         ? "a negative or huge one"
                                                         : std::to_string(first[i])));
      capture.experts = std::max(capture.experts, first[i] + 1);
    }
    if (begins) capture.starts.push_back(capture.tokens);
    begins = false;
    ++capture.tokens;
    capture.ids.insert(capture.ids.end(), first, first + ids);
  }
}

}  // namespace

std::int32_t capturedId(std::int64_t number) {
  if (number == kPaddingId) return kPaddingId;
  return number >= 0 && number <= std::numeric_limits<std::int32_t>::max() ? static_cast<std::int32_t>(number) : kForeignId;
}

RoutingCapture parseCapture(std::span<const std::uint8_t> bytes, const std::string& file, const std::vector<CaptureShape>& shapes, int experts) {
  const std::string_view start(reinterpret_cast<const char*>(bytes.data()), std::min<std::size_t>(bytes.size(), 256));
  std::vector<CapturedSequence> sequences;
  if (start.starts_with("\x93NUMPY")) {
    sequences.push_back(sequenceFromNpyBytes(bytes, file));
  } else if (start.starts_with("PK")) {
    sequences.push_back(sequenceFromNpz(bytes, file));
  } else if (const auto first = start.find_first_not_of(" \t\r\n"); first != std::string_view::npos && (start[first] == '{' || start[first] == '[')) {
    sequences = sequencesFromJson(bytes, file);
  } else {
    throw std::runtime_error(file + ": expected a capture of routing: .npy, .npz or JSON (docs/trace.md)");
  }
  RoutingCapture capture;
  capture.file = file;
  for (CapturedSequence& sequence : sequences) {
    append(capture, sequence, shapes, experts);
    std::vector<std::int32_t>().swap(sequence.ids);
  }
  if (capture.tokens == 0) throw std::runtime_error(file + ": expected a token that is not padding, found " + std::to_string(capture.padding) + " with ids of -1 only");
  return capture;
}

RoutingCapture readCapture(const std::filesystem::path& path, const std::vector<CaptureShape>& shapes, int experts) {
  const std::string file = path.string();
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed)) throw std::runtime_error(file + ": expected a regular file");
  const std::uint64_t size = std::filesystem::file_size(path);
  if (size > kLargestCapture) throw std::runtime_error(file + ": " + std::to_string(size) + " bytes; a capture has at most " + std::to_string(kLargestCapture));
  std::vector<std::uint8_t> bytes(size);
  std::ifstream stream(path, std::ios::binary);
  if (!stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size))) throw std::runtime_error(file + ": cannot be read");
  return parseCapture(bytes, file, shapes, experts);
}

}  // namespace moescope
