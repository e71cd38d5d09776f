#include "server/base/text/language_tag.h"

#include <cstddef>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

namespace canvass {
namespace {

constexpr std::size_t kMaxBytes = 35;  // RFC 5646, section 4.4.1

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

// True if the subtags from `at` on are extensions (a letter or digit, then subtags of 2 to 8) and, at the end, private
// use (x, then subtags of 1 to 8).
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

bool IsLanguageTag(absl::string_view tag) {
  if (tag.size() > kMaxBytes) return false;
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

}  // namespace canvass
