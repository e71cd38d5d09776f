#include "client/cli/documents/hidden_fields.h"

#include <google/protobuf/struct.pb.h>

#include <map>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/documents/nearest.h"
#include "client/cli/exit_code.h"

namespace canvass::cli {
namespace {

using google::protobuf::Value;

constexpr char kHidden[] = "hidden";

std::string ValueText(const Value& value) {
  if (value.has_number_value()) return absl::StrCat(value.number_value());
  if (value.has_bool_value()) return value.bool_value() ? "true" : "false";
  return value.string_value();
}

}  // namespace

const v1::HiddenField* FindHiddenField(const v1::SurveyDefinition& definition, absl::string_view key) {
  for (const v1::HiddenField& field : definition.hidden_fields()) {
    if (field.key() == key) return &field;
  }
  return nullptr;
}

absl::Status SetHiddenField(const v1::SurveyDefinition& definition, absl::string_view text, v1::Response& response) {
  const std::size_t equals = text.find('=');
  if (equals == absl::string_view::npos) {
    return UsageError(absl::StrCat("--hidden '", text, "' is not of the form key=value"));
  }
  const absl::string_view key = text.substr(0, equals);
  const std::string given(text.substr(equals + 1));
  const v1::HiddenField* field = FindHiddenField(definition, key);
  if (field == nullptr) {
    std::vector<std::string> keys;
    for (const v1::HiddenField& known : definition.hidden_fields()) keys.push_back(known.key());
    return UsageError(absl::StrCat("the survey has no hidden field '", key, "'", Suggestion(key, keys)));
  }
  Value value;
  double number = 0;
  bool boolean = false;
  if (field->type() == v1::HiddenField::TYPE_NUMBER) {
    if (!absl::SimpleAtod(given, &number)) return UsageError(absl::StrCat(key, ": '", given, "' is not a number"));
    value.set_number_value(number);
  } else if (field->type() == v1::HiddenField::TYPE_BOOLEAN) {
    if (!absl::SimpleAtob(given, &boolean))
      return UsageError(absl::StrCat(key, ": '", given, "' is neither yes nor no"));
    value.set_bool_value(boolean);
  } else {
    value.set_string_value(given);
  }
  Value& hidden = (*response.mutable_facts()->mutable_fields())[kHidden];
  (*hidden.mutable_struct_value()->mutable_fields())[field->key()] = value;
  return absl::OkStatus();
}

std::string HiddenFieldsText(const v1::Response& response) {
  const auto hidden = response.facts().fields().find(kHidden);
  if (hidden == response.facts().fields().end()) return "";
  const auto& fields = hidden->second.struct_value().fields();
  const std::map<std::string, Value> sorted(fields.begin(), fields.end());
  return absl::StrJoin(sorted, ", ", [](std::string* out, const auto& field) {
    absl::StrAppend(out, field.first, " ", ValueText(field.second));
  });
}

}  // namespace canvass::cli
