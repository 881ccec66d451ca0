#pragma once
// Bytes that JSON carries as text.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace moescope {

/// Standard base64 (RFC 4648, padded). Throws std::runtime_error that begins with `place`.
std::vector<std::uint8_t> fromBase64(const std::string& text, const std::string& place);

/// Base85 as Python's base64.b85encode writes it: the alphabet of RFC 1924, five characters for four bytes, a last group of n + 1
/// characters for n bytes. Throws std::runtime_error that begins with `place`.
std::vector<std::uint8_t> fromBase85(const std::string& text, const std::string& place);

/// Base64 or base85, told apart by `encoding` where that is given, else by characters that only one of them has, else by the
/// length that `bytes` would take. Throws std::runtime_error that begins with `place`, also where both are possible.
std::vector<std::uint8_t> fromText(const std::string& text, const std::string& encoding, std::optional<std::uint64_t> bytes,
                                   const std::string& place);

}  // namespace moescope
