#include "server/base/ids.h"

#include <algorithm>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace canvass {

Uuid Uuid::EarliestAt(absl::Time time) {
  Uuid id;
  constexpr int64_t kMaxMillis = (int64_t{1} << 48) - 1;
  const auto millis = static_cast<uint64_t>(std::clamp<int64_t>(absl::ToUnixMillis(time), 0, kMaxMillis));
  for (int i = 0; i < 6; ++i) id.bytes_[i] = static_cast<char>(millis >> (8 * (5 - i)));
  return id;
}

Uuid Uuid::V7(absl::Time time, Random& random) {
  Uuid id = EarliestAt(time);
  id.bytes_.replace(6, 10, random.Bytes(10));
  id.bytes_[6] = static_cast<char>(0x70 | (id.bytes_[6] & 0x0f));
  id.bytes_[8] = static_cast<char>(0x80 | (id.bytes_[8] & 0x3f));
  return id;
}

absl::StatusOr<Uuid> Uuid::Parse(absl::string_view text) {
  std::string hex;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !absl::ascii_isxdigit(static_cast<unsigned char>(text[i]))) break;
    if (!dash) hex.push_back(text[i]);
  }
  if (text.size() != 36 || hex.size() != 32) {
    return absl::InvalidArgumentError(absl::StrCat("'", absl::CHexEscape(text), "' is not a UUID of 36 characters"));
  }
  return FromBytes(absl::HexStringToBytes(hex));
}

Uuid Uuid::FromBytes(absl::string_view bytes) {
  Uuid id;
  if (bytes.size() == 16) id.bytes_ = std::string(bytes);
  return id;
}

std::string Uuid::ToString() const {
  const std::string hex = absl::BytesToHexString(bytes_);
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-", hex.substr(16, 4), "-",
                      hex.substr(20));
}

absl::Time Uuid::time() const {
  int64_t millis = 0;
  for (int i = 0; i < 6; ++i) millis = (millis << 8) | static_cast<unsigned char>(bytes_[i]);
  return absl::FromUnixMillis(millis);
}

}  // namespace canvass
