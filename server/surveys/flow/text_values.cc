#include "server/surveys/flow/text_values.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/base/text/characters.h"
#include "server/surveys/flow/comparisons.h"

namespace canvass::surveys {
namespace {

// Below and above every text without control characters.
constexpr absl::string_view kLowest = "\x01";
constexpr absl::string_view kHighest = "\xF4\x8F\xBF\xBF";

}  // namespace

bool IsWild(const v1::Comparison& compare) {
  if (IsHas(compare)) return !AsksForAnything(compare);
  const std::string& text = compare.value().string_value();
  return IsEquality(compare) && (absl::StartsWith(text, "*") || absl::EndsWith(text, "*")) && text != "\\*";
}

std::string LiteralOf(const v1::Comparison& compare) {
  absl::string_view text = compare.value().string_value();
  if (IsHas(compare)) return std::string(text == "\\*" ? "*" : text);
  if (!IsEquality(compare)) return std::string(text);
  if (absl::ConsumePrefix(&text, "\\*")) return absl::StrCat("*", absl::StripSuffix(text, "*"));
  absl::ConsumePrefix(&text, "*");
  if (absl::ConsumeSuffix(&text, "\\*")) return absl::StrCat(text, "*");
  absl::ConsumeSuffix(&text, "*");
  return std::string(text);
}

TextValues TextValuesOf(Comparisons comparisons) {
  std::set<std::string> literals;
  bool wild = false;
  TextValues result;
  for (const v1::Comparison* compare : comparisons) {
    if (!compare->value().has_string_value() || AsksForAnything(*compare)) continue;
    literals.insert(LiteralOf(*compare));
    wild = wild || IsWild(*compare);
    if (HasControlCharacter(compare->value().string_value())) result.complete = false;
  }
  // Of several texts that are looked for within a text, any may be there together.
  if (wild && literals.size() > 1) result.complete = false;
  std::set<std::string> texts = {std::string(kLowest), std::string(kHighest)};
  for (const std::string& literal : literals) {
    texts.insert({literal, absl::StrCat(literal, kLowest)});
    if (!wild) continue;
    texts.insert(absl::StrCat(literal, kLowest, literal));  // starts and ends with it, but is another
    for (absl::string_view before : {kLowest, kHighest}) {
      texts.insert({absl::StrCat(before, literal), absl::StrCat(before, literal, kLowest)});
    }
  }
  result.texts.assign(texts.begin(), texts.end());
  return result;
}

}  // namespace canvass::surveys
