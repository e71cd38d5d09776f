#include "server/responses/validation/hidden_facts.h"

#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/base/text/characters.h"
#include "server/responses/validation/answer_faults.h"
#include "server/surveys/definition/entry_rules.h"
#include "server/surveys/survey.h"

namespace canvass::responses {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

constexpr std::size_t kKeyInPath = 100;

bool Full(const Violations& violations) { return violations.list().size() >= Violations::kMaxReported; }

std::string TextFault(const v1::HiddenField& field, const std::string& text) {
  if (!IsUtf8(text) || HasControlCharacter(text)) return "must be UTF-8 without control characters";
  const auto max = static_cast<std::size_t>(surveys::MaxLengthOf(field));
  // No text has more characters than bytes.
  if (text.size() <= max) return "";
  const std::size_t count = CharacterCount(text);
  return count <= max ? "" : absl::StrCat("has ", count, " characters; the field takes at most ", max);
}

// What keeps `value` from being one of the field; empty if nothing.
std::string FaultOf(const v1::HiddenField& field, const Value& value) {
  switch (field.type()) {
    case v1::HiddenField::TYPE_TEXT:
      return value.has_string_value() ? TextFault(field, value.string_value()) : "must be text";
    case v1::HiddenField::TYPE_NUMBER:
      return value.has_number_value() && std::isfinite(value.number_value()) ? "" : "must be a finite number";
    case v1::HiddenField::TYPE_BOOLEAN:
      return value.has_bool_value() ? "" : "must be true or false";
    case v1::HiddenField::TYPE_DATE:
      if (!value.has_string_value()) return "must be a day as text, such as 2026-01-31";
      if (surveys::ParseDay(value.string_value()).has_value()) return "";
      return absl::StrCat(Quoted(value.string_value()), " is not a day of the calendar such as 2026-01-31");
    default:
      return "has no known type";
  }
}

bool IsMissing(const Value& value) {
  return value.kind_case() == Value::KIND_NOT_SET || value.has_null_value() ||
         (value.has_string_value() && value.string_value().empty());
}

// The values of one response against the fields of its survey.
class HiddenCheck {
 public:
  HiddenCheck(const v1::SurveyDefinition& definition, absl::string_view facts, const Struct& hidden,
              Violations& violations)
      : definition_(definition), facts_(facts), hidden_(hidden), violations_(violations) {}

  void Run(MissingFields missing) {
    std::size_t declared = 0;
    for (const v1::HiddenField& field : definition_.hidden_fields()) {
      if (Full(violations_)) return;
      const auto found = hidden_.fields().find(field.key());
      const bool given = found != hidden_.fields().end();
      if (given) ++declared;
      if (given && !IsMissing(found->second)) {
        if (std::string fault = FaultOf(field, found->second); !fault.empty()) Add(field.key(), fault);
      } else if (field.required() && missing == MissingFields::kRefused) {
        Add(field.key(), "is required by the survey");
      }
    }
    if (declared < hidden_.fields().size()) AddUndeclared();
  }

 private:
  void AddUndeclared() {
    for (const auto& [key, value] : hidden_.fields()) {
      if (Full(violations_)) return;
      if (surveys::FindHiddenField(definition_, key) != nullptr) continue;
      Add(absl::CHexEscape(absl::string_view(key).substr(0, kKeyInPath)),
          "is not a hidden field of this version of the survey; declare it in hidden_fields, or leave it out");
    }
  }

  void Add(absl::string_view key, absl::string_view description) {
    violations_.Add(absl::StrCat(facts_, ".", kHidden, ".", key), description);
  }

  const v1::SurveyDefinition& definition_;
  const absl::string_view facts_;
  const Struct& hidden_;
  Violations& violations_;
};

}  // namespace

void CheckHidden(const v1::SurveyDefinition& definition, absl::string_view path, const Struct& facts,
                 MissingFields missing, Violations& violations) {
  const auto hidden = facts.fields().find(kHidden);
  if (hidden != facts.fields().end() && !hidden->second.has_struct_value()) {
    violations.Add(absl::StrCat(path, ".", kHidden), "must be an object");
    return;
  }
  HiddenCheck(definition, path, HiddenIn(facts), violations).Run(missing);
}

std::optional<Value> ReadHidden(const v1::HiddenField& field, absl::string_view text) {
  Value value;
  if (field.type() == v1::HiddenField::TYPE_NUMBER) {
    double number = 0;
    if (!absl::SimpleAtod(text, &number)) return std::nullopt;
    value.set_number_value(number);
  } else if (field.type() == v1::HiddenField::TYPE_BOOLEAN) {
    if (text != "true" && text != "false") return std::nullopt;
    value.set_bool_value(text == "true");
  } else {
    value.set_string_value(std::string(text));
  }
  if (IsMissing(value) || !FaultOf(field, value).empty()) return std::nullopt;
  return value;
}

Struct FittingHidden(const v1::SurveyDefinition& definition, const Struct& hidden) {
  Struct fitting;
  for (const auto& [key, value] : hidden.fields()) {
    const v1::HiddenField* field = surveys::FindHiddenField(definition, key);
    if (field != nullptr && !IsMissing(value) && FaultOf(*field, value).empty()) {
      (*fitting.mutable_fields())[key] = value;
    }
  }
  return fitting;
}

const Struct& HiddenIn(const Struct& facts) {
  const auto hidden = facts.fields().find(kHidden);
  return hidden == facts.fields().end() ? Struct::default_instance() : hidden->second.struct_value();
}

void CopyHidden(const Struct& from, Struct& to) {
  const auto hidden = from.fields().find(kHidden);
  if (hidden != from.fields().end()) (*to.mutable_fields())[kHidden] = hidden->second;
}

void MoveHidden(Struct& from, Struct& to) {
  const auto hidden = from.mutable_fields()->find(kHidden);
  if (hidden != from.mutable_fields()->end()) (*to.mutable_fields())[kHidden] = std::move(hidden->second);
}

}  // namespace canvass::responses
