#pragma once
// Numbers as people type them: with a decimal comma too.

#include <string>

namespace moescope {

/// The text with a point in place of its decimal comma: "0,05", "-1,5e-3". Unchanged where it is no number with one comma and no
/// point.
std::string withDecimalPoint(const std::string& text);

/// Whether the comma of such a number may as well part thousands: "1,000".
bool mayPartThousands(const std::string& text);

}  // namespace moescope
