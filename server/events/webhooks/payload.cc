#include "server/events/webhooks/payload.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace canvass::events {
namespace {

using google::protobuf::ListValue;
using google::protobuf::Value;
using nlohmann::json;

std::string Text(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_unsigned()) return absl::StrCat(value.get<uint64_t>());
  if (value.is_number_integer()) return absl::StrCat(value.get<int64_t>());
  return "";
}

std::optional<double> Number(const json& value) {
  if (value.is_number()) return value.get<double>();
  double number = 0;
  const bool is_number = value.is_string() && absl::SimpleAtod(value.get_ref<const std::string&>(), &number);
  return is_number && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

void AddTexts(const json& value, char separator, ListValue& texts) {
  if (value.is_array()) {
    for (const json& element : value) {
      if (std::string text = Text(element); !text.empty()) texts.add_values()->set_string_value(std::move(text));
    }
    return;
  }
  const std::string all = Text(value);
  for (absl::string_view text : absl::StrSplit(all, separator)) {
    text = absl::StripAsciiWhitespace(text);
    if (!text.empty()) texts.add_values()->set_string_value(std::string(text));
  }
}

// Sets `fact` if `value` is of its kind.
bool SetFact(FactKind kind, const json* value, Value& fact) {
  if (kind == FactKind::kIsSet) {
    fact.set_bool_value(value != nullptr);
    return true;
  }
  if (value == nullptr) return false;
  switch (kind) {
    case FactKind::kNumber: {
      const std::optional<double> number = Number(*value);
      if (number.has_value()) fact.set_number_value(*number);
      return number.has_value();
    }
    case FactKind::kFlag:
      if (value->is_boolean()) fact.set_bool_value(value->get<bool>());
      return value->is_boolean();
    case FactKind::kTags:
    case FactKind::kWords:
      AddTexts(*value, kind == FactKind::kTags ? ',' : ' ', *fact.mutable_list_value());
      return fact.list_value().values_size() > 0;
    default:
      fact.set_string_value(Text(*value));
      return !fact.string_value().empty();
  }
}

}  // namespace

const json* At(const json& payload, absl::string_view path) {
  const json* value = &payload;
  for (const absl::string_view key : absl::StrSplit(path, '.')) {
    if (!value->is_object()) return nullptr;
    const auto found = value->find(std::string(key));
    if (found == value->end() || found->is_null()) return nullptr;
    value = &*found;
  }
  return value;
}

std::string TextAt(const json& payload, absl::string_view path) {
  const json* value = At(payload, path);
  return value == nullptr ? "" : Text(*value);
}

std::string FirstTextAt(const json& payload, std::initializer_list<absl::string_view> paths) {
  for (const absl::string_view path : paths) {
    if (std::string text = TextAt(payload, path); !text.empty()) return text;
  }
  return "";
}

std::string TypePart(absl::string_view text) {
  std::string part;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) == 0x80) continue;  // inside a character
    const bool fits = absl::ascii_isalnum(byte) || absl::string_view("._-:/").find(c) != absl::string_view::npos;
    part.push_back(fits ? absl::ascii_tolower(byte) : '_');
  }
  return part;
}

void CopyFacts(absl::Span<const FactRule> rules, const json& payload, google::protobuf::Struct& data) {
  for (const FactRule& rule : rules) {
    Value fact;
    if (SetFact(rule.kind, At(payload, rule.path), fact)) (*data.mutable_fields())[rule.fact] = std::move(fact);
  }
}

}  // namespace canvass::events
