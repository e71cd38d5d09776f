#include "client/surveyjs/reading/key_maker.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace canvass::surveyjs {
namespace {

constexpr std::size_t kMaxKey = 63;

bool IsKeyCharacter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return absl::ascii_islower(byte) || absl::ascii_isdigit(byte) || c == '_';
}

}  // namespace

std::string KeyMaker::Make(absl::string_view name) {
  const std::string plain = Plain(name);
  std::string key = plain;
  for (int number = 2; !taken_.insert(key).second; ++number) {
    const std::string suffix = absl::StrCat("_", number);
    key = absl::StrCat(plain.substr(0, kMaxKey - suffix.size()), suffix);
  }
  return key;
}

std::string KeyMaker::Plain(absl::string_view name) const {
  std::string key;
  if (std::all_of(name.begin(), name.end(), IsKeyCharacter)) {
    key = std::string(name);
  } else {
    bool after_lower = false;
    for (char c : name) {
      // `firstName` is two words; the values of options are left as they are.
      const bool upper = absl::ascii_isupper(static_cast<unsigned char>(c));
      if (first_ == First::kLetter && upper && after_lower) key += '_';
      after_lower = absl::ascii_islower(static_cast<unsigned char>(c));
      const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
      if (IsKeyCharacter(lower) && lower != '_') {
        key += lower;
      } else if (!key.empty() && key.back() != '_') {
        key += '_';
      }
    }
    while (!key.empty() && key.back() == '_') key.pop_back();
  }
  if (key.empty()) key = otherwise_;
  if (first_ == First::kLetter && !absl::ascii_islower(static_cast<unsigned char>(key[0]))) {
    key = absl::StrCat(otherwise_, key[0] == '_' ? "" : "_", key);
  }
  return key.substr(0, kMaxKey);
}

}  // namespace canvass::surveyjs
