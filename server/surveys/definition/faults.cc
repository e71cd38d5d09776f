#include "server/surveys/definition/faults.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/text/characters.h"

namespace canvass::surveys {
namespace {

constexpr std::size_t kMaxKey = 63;
constexpr std::size_t kMaxQuoted = 100;
constexpr absl::string_view kKeyForm = " is not a key: 1 to 63 of a-z, 0-9 and '_'";

bool HasKeyForm(absl::string_view key, Keys::First first) {
  if (key.empty() || key.size() > kMaxKey) return false;
  if (first == Keys::First::kLetter && !absl::ascii_islower(static_cast<unsigned char>(key[0]))) return false;
  return std::all_of(key.begin(), key.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return absl::ascii_islower(byte) || absl::ascii_isdigit(byte) || c == '_';
  });
}

}  // namespace

std::string Quoted(absl::string_view text) {
  return absl::StrCat("'", absl::Utf8SafeCHexEscape(Shorten(text, kMaxQuoted)), "'");
}

bool IsKey(absl::string_view key) { return HasKeyForm(key, Keys::First::kLetter); }

void Faults::Add(absl::string_view path, absl::string_view description) {
  if (!Full()) violations_.Add(path, description);
}

void Faults::CheckCount(absl::string_view path, int count, int least, int most) {
  if (count >= least && count <= most) return;
  has_too_many_ = has_too_many_ || count > most;
  Add(path, absl::StrCat("has ", count, " items; ", least, " to ", most, " are allowed"));
}

void Faults::CheckRange(absl::string_view path, int64_t value, int64_t least, int64_t most) {
  if (value >= least && value <= most) return;
  Add(path, absl::StrCat(value, " is not allowed: ", least, " to ", most));
}

void Faults::CheckLength(absl::string_view path, absl::string_view text, std::size_t max_characters) {
  // No text has more characters than bytes.
  if (!Full() && text.size() > max_characters) canvass::CheckLength(path, text, max_characters, violations_);
}

void Faults::CheckKeyForm(absl::string_view path, absl::string_view key) {
  if (!IsKey(key)) Add(path, absl::StrCat(Quoted(key), kKeyForm, ", starting with a letter"));
}

void Keys::Check(const std::string& owner, const std::string& key) {
  if (!HasKeyForm(key, first_)) {
    const bool letter = first_ == First::kLetter;
    faults_.Add(owner + ".key", absl::StrCat(Quoted(key), kKeyForm, letter ? ", starting with a letter" : ""));
    return;
  }
  const auto [earlier, is_new] = owners_.emplace(key, owner);
  if (!is_new) faults_.Add(owner + ".key", absl::StrCat(Quoted(key), " is taken by ", earlier->second));
}

}  // namespace canvass::surveys
