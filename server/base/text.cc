#include "server/base/text.h"

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace canvass {
namespace {

constexpr std::size_t kMaxLanguageTag = 35;  // RFC 5646, section 4.4.1
constexpr std::size_t kMaxDisplayName = 200;

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

bool AllAlpha(absl::string_view text) {
  for (char c : text) {
    if (!absl::ascii_isalpha(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

bool AllDigits(absl::string_view text) {
  for (char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

bool AllAlphanumeric(absl::string_view text) {
  for (char c : text) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

bool IsVariant(absl::string_view subtag) {
  return subtag.size() >= 5 || (subtag.size() == 4 && absl::ascii_isdigit(static_cast<unsigned char>(subtag[0])));
}

// True if the subtags from `at` on are extensions (a letter or digit, then subtags of 2 to 8) and, at the end, private use
// (x, then subtags of 1 to 8).
bool AreExtensions(const std::vector<absl::string_view>& subtags, std::size_t at) {
  while (at < subtags.size()) {
    if (subtags[at].size() != 1) return false;
    const bool private_use = absl::ascii_tolower(static_cast<unsigned char>(subtags[at][0])) == 'x';
    const std::size_t first = ++at;
    while (at < subtags.size() && (private_use || subtags[at].size() > 1)) ++at;
    if (at == first) return false;
  }
  return true;
}

}  // namespace

std::size_t CharacterCount(absl::string_view text) {
  std::size_t count = 0;
  for (char c : text) count += IsContinuation(c) ? 0 : 1;
  return count;
}

absl::string_view Shorten(absl::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  while (max_bytes > 0 && IsContinuation(text[max_bytes])) --max_bytes;
  return text.substr(0, max_bytes);
}

bool IsUtf8(absl::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    // 0xC0 and 0xC1 would be longer than need be, 0xF5 and up would be behind U+10FFFF.
    if (lead < 0xC2 || lead > 0xF4) return false;
    const std::size_t following = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    if (text.size() - i <= following) return false;
    for (std::size_t k = 1; k <= following; ++k) {
      if (!IsContinuation(text[i + k])) return false;
    }
    const auto second = static_cast<unsigned char>(text[i + 1]);
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second >= 0xA0) || (lead == 0xF0 && second < 0x90) ||
        (lead == 0xF4 && second >= 0x90)) {
      return false;
    }
    i += following + 1;
  }
  return true;
}

bool HasControlCharacter(absl::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7F) return true;
    // U+0080 to U+009F are 0xC2 0x80 to 0xC2 0x9F.
    if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) return true;
  }
  return false;
}

bool IsLanguageTag(absl::string_view tag) {
  if (tag.size() > kMaxLanguageTag) return false;
  const std::vector<absl::string_view> subtags = absl::StrSplit(tag, '-');
  for (absl::string_view subtag : subtags) {
    if (subtag.empty() || subtag.size() > 8 || !AllAlphanumeric(subtag)) return false;
  }
  const absl::string_view language = subtags[0];
  if (language.size() == 1) return AreExtensions(subtags, 0) && absl::ascii_tolower(tag[0]) == 'x';
  if (!AllAlpha(language)) return false;
  std::size_t at = 1;
  const auto size = [&] { return at < subtags.size() ? subtags[at].size() : 0; };
  if (language.size() <= 3) {
    for (int i = 0; i < 3 && size() == 3 && AllAlpha(subtags[at]); ++i) ++at;  // extended language
  }
  if (size() == 4 && AllAlpha(subtags[at])) ++at;                                               // script
  if ((size() == 2 && AllAlpha(subtags[at])) || (size() == 3 && AllDigits(subtags[at]))) ++at;  // region
  while (size() > 0 && IsVariant(subtags[at])) ++at;
  return AreExtensions(subtags, at);
}

void CheckDisplayName(absl::string_view field, absl::string_view text, Violations& violations) {
  const std::size_t count = CharacterCount(text);
  if (count > kMaxDisplayName) {
    violations.Add(field, absl::StrCat("has ", count, " characters; at most ", kMaxDisplayName, " are allowed"));
  }
}

}  // namespace canvass
