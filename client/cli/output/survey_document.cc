#include "client/cli/output/survey_document.h"

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/names.h"
#include "client/cli/output/condition_view.h"
#include "client/cli/output/message_json.h"
#include "client/cli/output/yaml.h"

namespace canvass::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Json = nlohmann::ordered_json;

constexpr int kWidth = 110;
// Above this, whole numbers are not exact.
constexpr double kMaxExact = 9007199254740992;

// In the order in which a person would explain the survey.
constexpr const char* kDefinitionOrder[] = {
    "default_language", "languages", "title",  "breakdowns", "hidden_answers", "pages",      "questions",
    "values",           "endings",   "quotas", "repeats",    "hidden_fields",  "closed_text"};

// 5, not 5.0.
Json NumberJson(double number) {
  const bool whole = std::abs(number) <= kMaxExact && number == std::trunc(number) && !std::signbit(number);
  return whole ? Json(static_cast<std::int64_t>(number)) : Json(number);
}

// 30d, 36h, or in seconds where it must be exact.
Json DurationJson(const google::protobuf::Duration& duration) {
  struct Unit {
    absl::string_view letter;
    std::int64_t seconds;
  };
  constexpr Unit kUnits[] = {{"d", 86'400}, {"h", 3'600}, {"m", 60}};
  for (const Unit& unit : kUnits) {
    const bool whole = duration.nanos() == 0 && duration.seconds() % unit.seconds == 0;
    if (whole) return absl::StrCat(duration.seconds() / unit.seconds, unit.letter);
  }
  return ToJson(duration);
}

// From a definition's messages to what is written about them.
class DocumentMaker {
 public:
  explicit DocumentMaker(const v1::SurveyDefinition& definition) : default_language_(definition.default_language()) {
    languages_.push_back(default_language_);
    languages_.insert(languages_.end(), definition.languages().begin(), definition.languages().end());
  }

  Json Make(const Message& message) const {
    const std::string& type = message.GetDescriptor()->full_name();
    if (type == "canvass.v1.Condition") return ConditionJson(static_cast<const v1::Condition&>(message));
    if (type == "google.protobuf.Value") return ValueJson(static_cast<const google::protobuf::Value&>(message));
    if (type == "google.protobuf.Timestamp") return ToJson(message);
    if (type == "google.protobuf.Duration") {
      return DurationJson(static_cast<const google::protobuf::Duration&>(message));
    }
    Json json = Json::object();
    std::vector<const FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) json[field->name()] = FieldJson(message, *field);
    return json;
  }

 private:
  static Json ValueJson(const google::protobuf::Value& value) {
    return value.has_number_value() ? NumberJson(value.number_value()) : ToJson(value);
  }

  Json ConditionJson(const v1::Condition& condition) const {
    if (std::optional<std::string> text = ExactConditionText(condition)) return *std::move(text);
    Json json = Json::object();
    std::vector<const FieldDescriptor*> fields;
    condition.GetReflection()->ListFields(condition, &fields);
    for (const FieldDescriptor* field : fields) {
      const Message& inner = condition.GetReflection()->GetMessage(condition, field);
      Json written = Make(inner);
      const bool list = field->message_type()->full_name() == "canvass.v1.ConditionList";
      if (list) written = written.contains("conditions") ? written["conditions"] : Json::array();
      json[field->name()] = std::move(written);
    }
    return json;
  }

  Json FieldJson(const Message& message, const FieldDescriptor& field) const {
    const Reflection& reflection = *message.GetReflection();
    if (field.is_map()) return TextsJson(message, field);
    if (!field.is_repeated()) {
      if (field.message_type() == nullptr) return ScalarJson(message, field);
      Json json = Make(reflection.GetMessage(message, &field));
      // `nps:` says all there is to say.
      if (field.real_containing_oneof() != nullptr && json.is_object() && json.empty()) return nullptr;
      // A message with one list is that list.
      const bool only_list = field.message_type()->field_count() == 1 && json.is_object() && json.size() == 1;
      return only_list && json.begin()->is_array() ? Json(*json.begin()) : json;
    }
    Json list = Json::array();
    for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
      list.push_back(field.message_type() != nullptr ? Make(reflection.GetRepeatedMessage(message, &field, i))
                                                     : Json(reflection.GetRepeatedString(message, &field, i)));
    }
    return list;
  }

  static Json ScalarJson(const Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL:
        return reflection.GetBool(message, &field);
      case FieldDescriptor::CPPTYPE_INT32:
        return reflection.GetInt32(message, &field);
      case FieldDescriptor::CPPTYPE_INT64:
        return reflection.GetInt64(message, &field);
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return NumberJson(reflection.GetDouble(message, &field));
      case FieldDescriptor::CPPTYPE_ENUM:
        return EnumText(*field.enum_type(), reflection.GetEnumValue(message, &field));
      default:
        return reflection.GetString(message, &field);
    }
  }

  // A plain string if there is but the default language; else the default one first, those on offer, others.
  Json TextsJson(const Message& message, const FieldDescriptor& field) const {
    const Reflection& reflection = *message.GetReflection();
    std::map<std::string, std::string> texts;
    for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
      const Message& entry = reflection.GetRepeatedMessage(message, &field, i);
      const Reflection& of_entry = *entry.GetReflection();
      texts[of_entry.GetString(entry, entry.GetDescriptor()->map_key())] =
          of_entry.GetString(entry, entry.GetDescriptor()->map_value());
    }
    const bool is_text = field.message_type()->full_name() != "canvass.v1.MatrixAnswer.ColumnsEntry";
    if (is_text && texts.size() == 1 && texts.begin()->first == default_language_) return texts.begin()->second;
    Json json = Json::object();
    for (const std::string& language : languages_) {
      const auto found = texts.find(language);
      if (found == texts.end()) continue;
      json[language] = std::move(found->second);
      texts.erase(found);
    }
    for (auto& [language, text] : texts) json[language] = std::move(text);
    return json;
  }

  std::string default_language_;
  std::vector<std::string> languages_;
};

}  // namespace

std::string SurveyYaml(const v1::Survey& survey) {
  const DocumentMaker maker(survey.definition());
  Json definition = maker.Make(survey.definition());
  Json json = Json::object();
  json["id"] = ShortName(survey.name());
  if (!survey.display_name().empty()) json["display_name"] = survey.display_name();
  if (survey.has_closing()) json["closing"] = maker.Make(survey.closing());
  for (const char* key : kDefinitionOrder) {
    if (definition.contains(key)) json[key] = std::move(definition[key]);
  }
  return YamlText(json, {.width = kWidth,
                         .blocks = {"title", "text", "help", "description", "closed_text", "low_label", "high_label"},
                         .spaced = {"questions", "pages", "endings", "values"}});
}

std::string AnswersYaml(absl::string_view survey, absl::string_view language,
                        const google::protobuf::RepeatedPtrField<v1::Answer>& answers) {
  const DocumentMaker maker{v1::SurveyDefinition()};
  Json json = Json::object();
  if (!survey.empty()) json["survey"] = std::string(survey);
  if (!language.empty()) json["language"] = std::string(language);
  json["answers"] = Json::array();
  for (const v1::Answer& answer : answers) {
    Json one = maker.Make(answer);
    if (answer.has_matrix()) one["matrix"] = one["matrix"]["columns"];
    json["answers"].push_back(std::move(one));
  }
  return YamlText(json, {.width = kWidth});
}

}  // namespace canvass::cli
