#include "server/surveys/definition/hidden_field_rules.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

namespace canvass::surveys {
namespace {

constexpr int kMaxHiddenFields = 50;
constexpr int kMaxLength = 1000;

void CheckMaxLength(const std::string& path, const v1::HiddenField& field, Faults& faults) {
  if (field.type() != v1::HiddenField::TYPE_TEXT) {
    if (field.max_length() != 0) faults.Add(path, "is for TYPE_TEXT alone; leave it out");
  } else if (field.max_length() < 0 || field.max_length() > kMaxLength) {
    faults.Add(path, absl::StrCat(field.max_length(), " is not allowed: 1 to ", kMaxLength, ", or 0 for the default"));
  }
}

}  // namespace

void CheckHiddenFields(const v1::SurveyDefinition& definition, Faults& faults) {
  faults.CheckCount("definition.hidden_fields", definition.hidden_fields_size(), 0, kMaxHiddenFields);
  Keys keys(Keys::First::kLetter, faults);
  for (int i = 0; i < std::min(definition.hidden_fields_size(), kMaxHiddenFields) && !faults.Full(); ++i) {
    const std::string path = absl::StrCat("definition.hidden_fields[", i, "]");
    const v1::HiddenField& field = definition.hidden_fields(i);
    keys.Check(path, field.key());
    if (field.type() == v1::HiddenField::TYPE_UNSPECIFIED || !v1::HiddenField::Type_IsValid(field.type())) {
      faults.Add(path + ".type", "is required: TYPE_TEXT, TYPE_NUMBER, TYPE_BOOLEAN or TYPE_DATE");
    } else {
      CheckMaxLength(path + ".max_length", field, faults);
    }
  }
}

}  // namespace canvass::surveys
