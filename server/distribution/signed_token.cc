#include "server/distribution/signed_token.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/base/digest.h"

namespace canvass::distribution {
namespace {

// Far above what Sign() makes; longer input is not even decoded.
constexpr std::size_t kMaxToken = 1024;

}  // namespace

SignedTokens::SignedTokens(absl::string_view secret, TokenKind kind)
    : key_(HmacSha256(secret, kind.purpose)), prefix_(kind.prefix) {}

std::string SignedTokens::Sign(absl::string_view claims) const {
  const std::string text = absl::WebSafeBase64Escape(claims);
  return absl::StrCat(prefix_, text, ".", absl::WebSafeBase64Escape(HmacSha256(key_, text)));
}

std::optional<std::string> SignedTokens::Verify(absl::string_view token) const {
  if (token.size() > kMaxToken || !absl::ConsumePrefix(&token, prefix_)) return std::nullopt;
  const std::size_t dot = token.find('.');
  if (dot == absl::string_view::npos) return std::nullopt;
  const absl::string_view text = token.substr(0, dot);
  // The texts are compared, not what they decode to: a token has one spelling.
  const std::string mac = absl::WebSafeBase64Escape(HmacSha256(key_, text));
  std::string claims;
  if (!ConstantTimeEquals(mac, token.substr(dot + 1)) || !absl::WebSafeBase64Unescape(text, &claims)) {
    return std::nullopt;
  }
  return claims;
}

ClaimsWriter& ClaimsWriter::Text(absl::string_view text) {
  bytes_.push_back(static_cast<char>(text.size()));
  return Bytes(text);
}

ClaimsWriter& ClaimsWriter::Bytes(absl::string_view bytes) {
  absl::StrAppend(&bytes_, bytes);
  return *this;
}

ClaimsWriter& ClaimsWriter::Time(absl::Time time) {
  const auto micros = static_cast<uint64_t>(absl::ToUnixMicros(time));
  for (int shift = 56; shift >= 0; shift -= 8) bytes_.push_back(static_cast<char>(micros >> shift));
  return *this;
}

ClaimsReader::ClaimsReader(char layout, absl::string_view bytes)
    : whole_(!bytes.empty() && bytes[0] == layout), rest_(bytes.substr(bytes.empty() ? 0 : 1)) {}

std::string ClaimsReader::Text() {
  const std::string size = Bytes(1);
  return size.empty() ? size : Bytes(static_cast<unsigned char>(size[0]));
}

std::string ClaimsReader::Bytes(std::size_t count) {
  whole_ = whole_ && rest_.size() >= count;
  if (!whole_) return "";
  std::string bytes(rest_.substr(0, count));
  rest_.remove_prefix(count);
  return bytes;
}

absl::Time ClaimsReader::Time() {
  uint64_t micros = 0;
  for (char byte : Bytes(sizeof(micros))) micros = (micros << 8) | static_cast<unsigned char>(byte);
  return absl::FromUnixMicros(static_cast<int64_t>(micros));
}

}  // namespace canvass::distribution
