#pragma once
// Safetensors files of holes: as long as real ones, their numbers read as 0, and they take no room on the disk.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace moescope::testing {

struct HollowFile {
  std::string header;
  std::uint64_t bytes = 0;  ///< of the numbers

  /// In bf16.
  void add(const std::string& name, int rows, int columns) {
    const std::uint64_t end = bytes + 2ull * static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(columns);
    header += (header.empty() ? "{\"" : ",\"") + name + "\":{\"dtype\":\"BF16\",\"shape\":[" + std::to_string(rows) + "," +
              std::to_string(columns) + "],\"data_offsets\":[" + std::to_string(bytes) + "," + std::to_string(end) + "]}";
    bytes = end;
  }
  /// Returns the size of the file.
  std::uint64_t save(const std::filesystem::path& file) const {
    const std::string whole = header + "}";
    const std::uint64_t length = whole.size();
    std::ofstream stream(file, std::ios::binary);
    stream.write(reinterpret_cast<const char*>(&length), 8);
    stream << whole;
    stream.close();
    std::filesystem::resize_file(file, 8 + length + bytes);
    return 8 + length + bytes;
  }
};

}  // namespace moescope::testing
