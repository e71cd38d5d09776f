#include "server/responses/validation/text_pattern.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace canvass::responses {
namespace {

constexpr std::size_t kMaxLocalPart = 64;
constexpr int kMinPhoneDigits = 7;
constexpr int kMaxPhoneDigits = 15;
constexpr absl::string_view kBetweenPhoneDigits = " .-/()";

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

bool AllDigits(absl::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit); }

// A blank or a control character of ASCII.
bool IsBlank(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return absl::ascii_isspace(byte) || absl::ascii_iscntrl(byte);
}

// Letters of any script; of ASCII also digits and hyphens.
bool IsDomainLabel(absl::string_view label) {
  return !label.empty() && std::all_of(label.begin(), label.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || absl::ascii_isalnum(byte) || c == '-';
  });
}

bool IsEmail(absl::string_view text) {
  const std::size_t at = text.find('@');
  if (at == 0 || at > kMaxLocalPart || at == absl::string_view::npos) return false;
  const absl::string_view local = text.substr(0, at);
  const absl::string_view domain = text.substr(at + 1);
  if (std::any_of(local.begin(), local.end(), IsBlank) || !absl::StrContains(domain, '.')) return false;
  for (absl::string_view label : absl::StrSplit(domain, '.')) {
    if (!IsDomainLabel(label)) return false;
  }
  return true;
}

bool IsPhone(absl::string_view text) {
  int digits = 0;
  bool plus = false;
  for (char c : text) {
    if (IsDigit(c)) {
      ++digits;
    } else if (c == '+') {
      if (plus || digits > 0) return false;
      plus = true;
    } else if (!absl::StrContains(kBetweenPhoneDigits, c)) {
      return false;
    }
  }
  return digits >= kMinPhoneDigits && digits <= kMaxPhoneDigits;
}

// `host` or `host:port`; an IPv6 address stands in brackets.
bool IsHostAndPort(absl::string_view text) {
  std::size_t host_end = text.find(':');
  if (absl::StartsWith(text, "[")) {
    const std::size_t bracket = text.find(']');
    if (bracket == absl::string_view::npos || bracket == 1) return false;
    host_end = bracket + 1;
  }
  const absl::string_view host = text.substr(0, host_end);
  absl::string_view port = text.substr(host.size());
  return !host.empty() && (port.empty() || (absl::ConsumePrefix(&port, ":") && AllDigits(port)));
}

bool IsUrl(absl::string_view text) {
  if (std::any_of(text.begin(), text.end(), IsBlank)) return false;
  if (absl::StartsWithIgnoreCase(text, "http://")) {
    text.remove_prefix(7);
  } else if (absl::StartsWithIgnoreCase(text, "https://")) {
    text.remove_prefix(8);
  } else {
    return false;
  }
  const absl::string_view authority = text.substr(0, text.find_first_of("/?#"));
  const std::size_t user_end = authority.rfind('@');
  return IsHostAndPort(user_end == absl::string_view::npos ? authority : authority.substr(user_end + 1));
}

bool IsNumber(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, "-")) absl::ConsumePrefix(&text, "+");
  const std::size_t mark = text.find_first_of(".,");
  if (mark == absl::string_view::npos) return AllDigits(text);
  return AllDigits(text.substr(0, mark)) && AllDigits(text.substr(mark + 1));
}

}  // namespace

bool MatchesPattern(v1::TextQuestion::Pattern pattern, absl::string_view text) {
  switch (pattern) {
    case v1::TextQuestion::PATTERN_EMAIL:
      return IsEmail(text);
    case v1::TextQuestion::PATTERN_PHONE:
      return IsPhone(text);
    case v1::TextQuestion::PATTERN_URL:
      return IsUrl(text);
    case v1::TextQuestion::PATTERN_NUMBER:
      return IsNumber(text);
    default:
      return true;
  }
}

absl::string_view DescribePattern(v1::TextQuestion::Pattern pattern) {
  switch (pattern) {
    case v1::TextQuestion::PATTERN_EMAIL:
      return "an e-mail address such as name@example.com";
    case v1::TextQuestion::PATTERN_PHONE:
      return "a telephone number of 7 to 15 digits such as +44 20 7946 0018";
    case v1::TextQuestion::PATTERN_URL:
      return "an address that starts with http:// or https:// and has a host";
    case v1::TextQuestion::PATTERN_NUMBER:
      return "a number in digits such as 12 or 3.5";
    default:
      return "";
  }
}

}  // namespace canvass::responses
