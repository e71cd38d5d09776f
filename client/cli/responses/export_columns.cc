#include "client/cli/responses/export_columns.h"

#include <array>
#include <charconv>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/names.h"
#include "client/cli/output/message_json.h"
#include "client/cli/translations/csv.h"
#include "nlohmann/json.hpp"

namespace canvass::cli {
namespace {

constexpr char kSeparator[] = ";";

std::string MomentText(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0 && time.nanos() == 0) return "";
  const absl::Time moment = absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", moment, absl::UTCTimeZone());
}

// With as many digits as it takes to read the same number again.
std::string NumberText(double number) {
  std::array<char, 32> digits = {};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return {digits.data(), end.ptr};
}

std::string ValueText(const google::protobuf::Value& value) {
  switch (value.kind_case()) {
    case google::protobuf::Value::kNumberValue:
      return NumberText(value.number_value());
    case google::protobuf::Value::kStringValue:
      return SpreadsheetText(value.string_value());
    case google::protobuf::Value::kBoolValue:
      return value.bool_value() ? "true" : "false";
    case google::protobuf::Value::kStructValue:
    case google::protobuf::Value::kListValue:
      return ToJson(value).dump();
    default:
      return "";
  }
}

std::string FactText(const google::protobuf::Struct& facts, const std::vector<std::string>& path) {
  const google::protobuf::Struct* level = &facts;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto found = level->fields().find(path[i]);
    if (found == level->fields().end()) return "";
    if (i + 1 == path.size()) return ValueText(found->second);
    if (!found->second.has_struct_value()) return "";
    level = &found->second.struct_value();
  }
  return "";
}

std::string DismissedText(const v1::Response& response) {
  std::vector<std::string> keys;
  for (const v1::Answer& answer : response.answers()) {
    if (answer.dismissed()) keys.push_back(answer.question());
  }
  return absl::StrJoin(keys, kSeparator);
}

// Of what is one cell.
std::string CellText(const v1::Answer& answer) {
  switch (answer.value_case()) {
    case v1::Answer::kScore:
      return absl::StrCat(answer.score());
    case v1::Answer::kChoice:
      return answer.choice();
    case v1::Answer::kChoices:
      return absl::StrJoin(answer.choices().keys(), kSeparator);
    case v1::Answer::kRanking:
      return absl::StrJoin(answer.ranking().keys(), kSeparator);
    case v1::Answer::kText:
      return SpreadsheetText(answer.text());
    case v1::Answer::kNumber:
      return NumberText(answer.number());
    case v1::Answer::kDate:
      return answer.date();
    case v1::Answer::kConsent:
      return answer.consent() ? "yes" : "no";
    default:
      return "";
  }
}

bool IsField(absl::string_view title) {
  return absl::c_linear_search(
      std::initializer_list<absl::string_view>{"response", "answer_time", "start_time", "create_time", "survey_version",
                                               "contact", "language", "channel", "device", "request_id", "dismissed",
                                               "tags", "note", "excluded", "problem", "hidden"},
      title);
}

bool HasOther(const v1::Question& question) {
  const auto other = [](const v1::ChoiceOption& option) { return option.other(); };
  return absl::c_any_of(question.single_choice().options(), other) ||
         absl::c_any_of(question.multiple_choice().options(), other);
}

}  // namespace

ExportColumns::ExportColumns(const std::vector<v1::SurveyVersion>& versions, const std::vector<std::string>& facts) {
  using R = v1::Response;
  AddField("response", [](const R& r) { return ShortName(r.name()); });
  AddField("answer_time", [](const R& r) { return MomentText(r.answer_time()); });
  AddField("start_time", [](const R& r) { return MomentText(r.start_time()); });
  AddField("create_time", [](const R& r) { return MomentText(r.create_time()); });
  AddField("survey_version", [](const R& r) { return absl::StrCat(r.survey_version()); });
  AddField("contact", [](const R& r) { return SpreadsheetText(ShortName(r.contact())); });
  AddField("language", [](const R& r) { return r.language(); });
  AddField("channel", [](const R& r) { return EnumText(*v1::Invitation::Channel_descriptor(), r.channel()); });
  AddField("device", [](const R& r) { return EnumText(*R::Device_descriptor(), r.device()); });
  for (const v1::SurveyVersion& version : versions) {
    for (const v1::Question& question : version.definition().questions()) AddQuestion(question);
  }
  AddField("dismissed", DismissedText);
  AddField("tags", [](const R& r) { return SpreadsheetText(absl::StrJoin(r.tags(), kSeparator)); });
  AddField("note", [](const R& r) { return SpreadsheetText(r.note()); });
  AddField("excluded", [](const R& r) { return SpreadsheetText(r.exclusion().reason()); });
  for (const v1::SurveyVersion& version : versions) {
    for (const v1::HiddenField& field : version.definition().hidden_fields()) {
      const std::string title = absl::StrCat("hidden.", field.key());
      if (absl::c_linear_search(titles_, title)) continue;
      const std::vector<std::string> path = {"hidden", field.key()};
      AddField(title, [path](const R& r) { return FactText(r.facts(), path); });
    }
  }
  for (const std::string& fact : facts) {
    const std::string path(absl::StripPrefix(fact, "facts."));
    const std::vector<std::string> parts = absl::StrSplit(path, '.');
    AddField(absl::StrCat("facts.", path), [parts](const R& r) { return FactText(r.facts(), parts); });
  }
}

std::size_t ExportColumns::AddColumn(const std::string& title) {
  titles_.push_back(title);
  return titles_.size() - 1;
}

void ExportColumns::AddField(const std::string& title, std::function<std::string(const v1::Response&)> text) {
  fields_.push_back({.place = AddColumn(title), .text = std::move(text)});
}

void ExportColumns::AddQuestion(const v1::Question& question) {
  if (question.has_statement()) return;
  Place& place = questions_[question.key()];
  // A question that is called like another column is told from it.
  const std::string title = absl::StrCat(IsField(question.key()) ? "answer." : "", question.key());
  if (place.value == std::string::npos && !question.has_matrix()) place.value = AddColumn(title);
  if (place.other == std::string::npos && HasOther(question)) place.other = AddColumn(absl::StrCat(title, ".other"));
  for (const auto& row : question.matrix().rows()) {
    if (!place.rows.contains(row.key())) place.rows[row.key()] = AddColumn(absl::StrCat(title, ".", row.key()));
  }
}

std::string ExportColumns::Header() const { return CsvLine(titles_); }

void ExportColumns::FillAnswer(const v1::Answer& answer, std::vector<std::string>& cells) const {
  const auto found = questions_.find(answer.question());
  if (found == questions_.end()) return;
  const Place& place = found->second;
  if (place.value != std::string::npos) cells[place.value] = CellText(answer);
  if (place.other != std::string::npos) cells[place.other] = SpreadsheetText(answer.other_text());
  for (const auto& [row, column] : answer.matrix().columns()) {
    const auto cell = place.rows.find(row);
    if (cell != place.rows.end()) cells[cell->second] = column;
  }
}

std::string ExportColumns::Row(const v1::Response& response) const {
  std::vector<std::string> cells(titles_.size());
  for (const Field& field : fields_) cells[field.place] = field.text(response);
  for (const v1::Answer& answer : response.answers()) FillAnswer(answer, cells);
  return CsvLine(cells);
}

}  // namespace canvass::cli
