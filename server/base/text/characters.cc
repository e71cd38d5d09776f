#include "server/base/text/characters.h"

#include "absl/strings/str_cat.h"

namespace canvass {
namespace {

constexpr std::size_t kMaxDisplayName = 200;

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

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

void CheckLength(absl::string_view field, absl::string_view text, std::size_t max_characters, Violations& violations) {
  const std::size_t count = CharacterCount(text);
  if (count <= max_characters) return;
  violations.Add(field, absl::StrCat("has ", count, " characters; at most ", max_characters, " are allowed"));
}

void CheckDisplayName(absl::string_view field, absl::string_view text, Violations& violations) {
  CheckLength(field, text, kMaxDisplayName, violations);
}

}  // namespace canvass
