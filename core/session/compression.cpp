#include "core/session/compression.h"

#include <zstd.h>

#include <memory>
#include <stdexcept>

#include "core/words/words.h"

namespace moescope {
namespace {

void require(bool holds, const std::string& place, const std::string& what) {
  if (!holds) throw std::runtime_error(place + ": " + what);
}

}  // namespace

std::string compressed(std::string_view bytes, int level) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
  if (!context) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);  // tells what a disk has changed
  std::string frame(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t length = ZSTD_compress2(context.get(), frame.data(), frame.size(), bytes.data(), bytes.size());
  require(!ZSTD_isError(length), "compression", ZSTD_getErrorName(length));
  frame.resize(length);
  return frame;
}

bool isFrame(std::string_view bytes) { return bytes.starts_with("\x28\xb5\x2f\xfd"); }

std::string decompressed(std::string_view frame, const std::string& place) {
  const unsigned long long length = ZSTD_getFrameContentSize(frame.data(), frame.size());
  require(length != ZSTD_CONTENTSIZE_ERROR && length != ZSTD_CONTENTSIZE_UNKNOWN, place,
          translated("damaged: no compressed data that says how long it is"));
  require(length <= kLargestBlob, place,
          translated("claims %1 bytes; at most %2 are read", std::to_string(length), std::to_string(kLargestBlob)));
  std::string bytes(static_cast<std::size_t>(length), '\0');
  const std::size_t written = ZSTD_decompress(bytes.data(), bytes.size(), frame.data(), frame.size());
  require(!ZSTD_isError(written), place, translated("damaged: %1", ZSTD_getErrorName(written)));
  require(written == bytes.size(), place, translated("damaged: shorter than it says"));
  return bytes;
}

}  // namespace moescope
